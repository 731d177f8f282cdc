import { defineWords } from '../../languages/define-words.js';

/** The words of the page of undelivered notices. */
export const logoutNoticesWords = defineWords({
  en: {
    'admin-logout-notices.title': 'Sign-out notices',
    'admin-logout-notices.what':
      'Applications with a back-channel logout URI are notified when a session ends. A notice that is not accepted is sent again for three days, then given up and kept for 30 days. Tokens of the application are refused in any case.',
    'admin-logout-notices.none': 'No notices are waiting, and none were given up.',
    'admin-logout-notices.back': 'All applications',
    'admin-logout-notices.client': 'Application',
    'admin-logout-notices.gone': 'deleted',
    'admin-logout-notices.waiting': 'Waiting',
    'admin-logout-notices.dead': 'Given up',
    'admin-logout-notices.revive': 'Send again',
    'admin-logout-notices.revived.one': '{count} notice is sent again.',
    'admin-logout-notices.revived.other': '{count} notices are sent again.',
    'admin-logout-notices.dead-letters': 'Notices that were given up',
    'admin-logout-notices.dead-order': 'At most 100, the latest first',
    'admin-logout-notices.user': 'User',
    'admin-logout-notices.ended': 'Session ended',
    'admin-logout-notices.attempts': 'Attempts',
    'admin-logout-notices.error': 'Last error',
    'admin-logout-notices.given-up': 'Given up at',
  },
  de: {
    'admin-logout-notices.title': 'Abmeldenachrichten',
    'admin-logout-notices.what':
      'Anwendungen mit einer Adresse für Abmeldenachrichten erfahren, wenn eine Sitzung endet. Eine Nachricht, die nicht angenommen wird, wird drei Tage lang erneut gesendet, dann aufgegeben und 30 Tage aufbewahrt. Token der Anwendung werden in jedem Fall abgelehnt.',
    'admin-logout-notices.none': 'Keine Nachricht wartet, und keine wurde aufgegeben.',
    'admin-logout-notices.back': 'Alle Anwendungen',
    'admin-logout-notices.client': 'Anwendung',
    'admin-logout-notices.gone': 'gelöscht',
    'admin-logout-notices.waiting': 'Wartend',
    'admin-logout-notices.dead': 'Aufgegeben',
    'admin-logout-notices.revive': 'Erneut senden',
    'admin-logout-notices.revived.one': '{count} Nachricht wird erneut gesendet.',
    'admin-logout-notices.revived.other': '{count} Nachrichten werden erneut gesendet.',
    'admin-logout-notices.dead-letters': 'Aufgegebene Nachrichten',
    'admin-logout-notices.dead-order': 'Höchstens 100, die neuesten zuerst',
    'admin-logout-notices.user': 'Benutzer',
    'admin-logout-notices.ended': 'Sitzung beendet',
    'admin-logout-notices.attempts': 'Versuche',
    'admin-logout-notices.error': 'Letzter Fehler',
    'admin-logout-notices.given-up': 'Aufgegeben',
  },
});
