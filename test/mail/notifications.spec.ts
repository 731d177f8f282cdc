import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { mailsOf } from '../../src/features.js';
import { Notifications } from '../../src/mail/notifications.js';
import type { NotificationKind, TemplateValues } from '../../src/mail/templates/template-values.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

const user = { id: '00000000-0000-4000-8000-000000000001', email: 'ada@example.com' };

describe('notices', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService();
  });
  afterAll(() => app.close());
  const notifications = () => app.app.get(Notifications, { strict: false });

  it.each([
    ['password-changed', 'Your password was changed'],
    ['new-device', 'New sign-in to your account'],
    ['user-deleted', 'Your account was deleted'],
    ['api-key-created', 'A new API key was created'],
    ['address-taken', 'You already have an account'],
  ] as const)('%s reach the mailbox', async (kind, subject) => {
    await notifications().send(kind, user, mailsOf().get(kind)!.sample as TemplateValues[typeof kind]);
    const [mail] = await app.mails(user.email);
    expect(mail!.subject).toBe(subject);
    expect(mail!.text).not.toMatch(/undefined|null/);
  });

  it('belong to the transaction of what they tell of', async () => {
    const before = (await app.mails(user.email)).length;
    const kind: NotificationKind = 'password-changed';
    const dataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
    const failed = dataSource.transaction(async (manager: never) => {
      await notifications().send(kind, user, mailsOf().get(kind)!.sample as TemplateValues[typeof kind], manager);
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await app.mails(user.email)).toHaveLength(before);
  });
});
