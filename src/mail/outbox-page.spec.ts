import type { OutboxMail } from './outbox.js';
import { outboxPage } from './outbox-page.js';

const MARKUP = `<script>alert(1)</script><img src=x onerror="alert(1)">'&`;
const kept = (given: Partial<OutboxMail>): OutboxMail => ({
  id: 'id',
  to: 'ada@example.com',
  from: 'no-reply@localhost',
  subject: 'Hello',
  text: '',
  html: '',
  headers: {},
  raw: '',
  sentAt: new Date('2030-01-01T12:00:00Z'),
  ...given,
});

describe('the page of the outbox', () => {
  it('shows markup as text, wherever it stands', () => {
    const page = outboxPage(
      [kept({ to: MARKUP, subject: MARKUP, text: MARKUP, html: MARKUP })],
      'http://localhost:3000',
    );
    expect(page).not.toMatch(/<script|<img/);
    expect(page.match(/&lt;script&gt;/g)).toHaveLength(3);
  });

  it('makes links of our own addresses only', () => {
    const text =
      'ours: http://localhost:3000/auth/email/verify?token=a.b&c="x theirs: http://evil.example/ http://localhost:3000.evil.example/ javascript:alert(1)';
    const page = outboxPage([kept({ text })], 'http://localhost:3000');
    expect(page.match(/<a href="[^"]*"/g)).toEqual([
      // The mail as HTML.
      '<a href="outbox/id"',
      '<a href="http://localhost:3000/auth/email/verify?token=a.b&amp;c="',
    ]);
    expect(page).toContain('http://evil.example/');
  });
});
