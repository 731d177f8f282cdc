import { defineWords } from '../languages/define-words.js';

export const liveWords = defineWords({
  en: {
    'live.on': 'This page updates itself.',
    'live.off': 'Reload the page to see what has changed.',
    'live.stopped': 'Updates have stopped. Reload the page.',
    'live.reload': 'Reload',
  },
  de: {
    'live.on': 'Diese Seite aktualisiert sich selbst.',
    'live.off': 'Laden Sie die Seite neu, um Änderungen zu sehen.',
    'live.stopped': 'Die Seite wird nicht mehr aktualisiert. Laden Sie sie neu.',
    'live.reload': 'Neu laden',
  },
});
