/** The least round number, of 1, 2, 2.5 or 5 times a power of ten, that is not below the highest value; 1 where all are 0. */
export function axisTop(highest: number): number {
  if (highest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  for (const step of [1, 2, 2.5, 5, 10]) {
    if (step * power >= highest) return Math.min(step * power, Number.MAX_VALUE);
  }
  return highest;
}

/** The path of a line; a gap ends it, and a value between two gaps is a dot (a stroke of no length with round ends). */
export function lineOf(values: readonly (number | null)[], top: number, width: number, height: number): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = '';
  let isDrawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      isDrawing = false;
      return;
    }
    // A single value stands in the middle.
    const x = round(values.length > 1 ? index * step : width / 2);
    path += `${isDrawing ? 'L' : 'M'}${x} ${yOf(value, top, height)}`;
    if (!isDrawing && (values[index + 1] ?? null) === null) path += 'h0';
    isDrawing = true;
  });
  return path;
}

/** Bars as one path each; none for 0 and for a gap. */
export function barsOf(values: readonly (number | null)[], top: number, width: number, height: number): string {
  const step = width / Math.max(1, values.length);
  const bars = values.map((value, index) => {
    if (!value) return '';
    return `M${round(index * step + step * 0.1)} ${height}V${yOf(value, top, height)}h${round(step * 0.8)}V${height}z`;
  });
  return `<path class="plot-bars plot-1" d="${bars.join('')}"/>`;
}

/** From above, as SVG counts. */
function yOf(value: number, top: number, height: number): number {
  return round(height - (value / top) * height);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
