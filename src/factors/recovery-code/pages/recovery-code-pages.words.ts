import { defineWords } from '../../../languages/define-words.js';

/** The words of the pages on which recovery codes are made and shown. */
export const recoveryCodePagesWords = defineWords({
  en: {
    'factor-recovery-code.title': 'Recovery codes',
    'factor-recovery-code.name': 'Recovery codes',
    'factor-recovery-code.about': 'Each code works once. Use one when your other factor is lost or broken.',
    'factor-recovery-code.set-up': 'Create codes',
    'factor-recovery-code.manage': 'Manage',
    'factor-recovery-code.remaining.one': '{count} code is left.',
    'factor-recovery-code.remaining.other': '{count} codes are left.',
    'factor-recovery-code.renew': 'Create new codes',
    'factor-recovery-code.renew.about':
      'New codes replace the old ones, which stop working at once. All your other sessions end.',
    'factor-recovery-code.error.conflict': 'There is no factor that codes could stand in for. Set one up first.',
    'recovery-codes.title': 'Your recovery codes',
    'recovery-codes.once':
      'These codes are shown only this once. Print this page, or write them down, before you go on.',
    'recovery-codes.about': 'Keep them where you can find them without your phone. Each works once.',
    'recovery-codes.kept': 'I have kept them',
    'account-log.event.recovery_code.used': 'A recovery code was used',
  },
  de: {
    'factor-recovery-code.title': 'Wiederherstellungscodes',
    'factor-recovery-code.name': 'Wiederherstellungscodes',
    'factor-recovery-code.about':
      'Jeder Code gilt einmal, für den Tag, an dem Ihr anderer Faktor verloren oder kaputt ist.',
    'factor-recovery-code.set-up': 'Codes erstellen',
    'factor-recovery-code.manage': 'Verwalten',
    'factor-recovery-code.remaining.one': 'Es ist noch {count} Code übrig.',
    'factor-recovery-code.remaining.other': 'Es sind noch {count} Codes übrig.',
    'factor-recovery-code.renew': 'Neue Codes erstellen',
    'factor-recovery-code.renew.about':
      'Neue Codes ersetzen die alten, die sofort ungültig werden. Alle Ihre anderen Sitzungen enden.',
    'factor-recovery-code.error.conflict':
      'Es gibt keinen Faktor, den Codes vertreten könnten. Richten Sie zuerst einen ein.',
    'recovery-codes.title': 'Ihre Wiederherstellungscodes',
    'recovery-codes.once':
      'Diese Codes werden nur dieses eine Mal gezeigt. Drucken Sie diese Seite oder schreiben Sie sie auf, bevor Sie weitergehen.',
    'recovery-codes.about': 'Bewahren Sie sie dort auf, wo Sie sie auch ohne Ihr Telefon finden. Jeder gilt einmal.',
    'recovery-codes.kept': 'Ich habe sie aufbewahrt',
    'account-log.event.recovery_code.used': 'Ein Wiederherstellungscode wurde benutzt',
  },
});
