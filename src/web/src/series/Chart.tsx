// A small chart of one series: what was published, what it would be, and how sure that is.
import { t, whole } from "../texts";
import type { Line } from "./state";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [240, 120, 44, 16];

export function Chart({ line }: { line: Line }) {
  const { points } = line;
  const values = points.flatMap((point) => [point.published, point.bridged, ...(point.interval ?? [])]).filter((value) => value !== null);
  const most = Math.max(1, ...values);
  const least = Math.min(0, ...values);
  const x = (at: number) => LEFT + (points.length > 1 ? (at / (points.length - 1)) * (WIDTH - LEFT - 6) : (WIDTH - LEFT) / 2);
  const y = (value: number) => 6 + (1 - (value - least) / (most - least)) * (HEIGHT - BOTTOM - 8);
  const path = (pick: (at: number) => number | null) => {
    let pen = "M";
    let out = "";
    points.forEach((_, at) => {
      const value = pick(at);
      if (value === null) pen = "M";
      else {
        out += `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
        pen = "L";
      }
    });
    return out;
  };
  return (
    <figure>
      <figcaption>
        {line.code} {line.name} {line.indicator && `– ${line.indicator}`}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t.value.series.chart(line.code)}>
        <line x1={LEFT} x2={WIDTH} y1={y(least)} y2={y(least)} stroke="#8a949d" />
        <text x={LEFT - 4} y={y(most) + 6} font-size="10" text-anchor="end">
          {whole(most)}
        </text>
        <text x={LEFT - 4} y={y(least)} font-size="10" text-anchor="end">
          {whole(least)}
        </text>
        <text x={LEFT} y={HEIGHT - 3} font-size="10">
          {points[0]?.period}
        </text>
        <text x={WIDTH} y={HEIGHT - 3} font-size="10" text-anchor="end">
          {points[points.length - 1]?.period}
        </text>
        {points.map((point, at) => point.interval && point.interval[0] !== point.interval[1] && <line key={point.period} x1={x(at)} x2={x(at)} y1={y(point.interval[0])} y2={y(point.interval[1])} stroke="#0b5cad" stroke-width="3" opacity="0.35" />)}
        <path d={path((at) => points[at]?.published ?? null)} fill="none" stroke="#4b5661" stroke-dasharray="4 3" stroke-width="1.5" />
        <path d={path((at) => points[at]?.bridged ?? null)} fill="none" stroke="#0b5cad" stroke-width="1.8" />
      </svg>
    </figure>
  );
}
