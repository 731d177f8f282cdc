const formats = new Map<string, Intl.DateTimeFormat>();

/** `<time>` with the instant for programs, and for people in UTC. */
export function timeElement(instant: string | Date, language: string): string {
  const date = new Date(instant);
  const format = formats.get(language) ?? formatOf(language);
  formats.set(language, format);
  return `<time datetime="${date.toISOString()}">${format.format(date)}</time>`;
}

function formatOf(language: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  });
}
