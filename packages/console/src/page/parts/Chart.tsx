/**
 * A chart as a figure that is captioned with its finding. It has one tab stop; arrow keys, a finger
 * or the pointer read its points, Enter or a click opens one. As a table it is a real one.
 */

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Draw, Drawing } from '../charts/drawing.ts';
import { DataTable, type TableData } from './DataTable.tsx';
import { usePage } from './page-context.ts';

export interface ChartPoint {
  /** What is read out. */
  readonly words: string;
  readonly open: (() => void) | null;
}

interface ChartProps {
  readonly finding: string;
  /** What the points are, `months`. */
  readonly name: string;
  readonly draw: Draw;
  readonly points: readonly ChartPoint[];
  /** Which point is read first. */
  readonly first: number;
  readonly table: TableData;
  /** Below the chart while nothing is read: a legend. */
  readonly children?: ComponentChildren;
}

export function Chart({ finding, table, children, ...plot }: ChartProps) {
  const { view } = usePage();
  return (
    <figure class="chart">
      <figcaption>{finding}</figcaption>
      {view.table ? (
        <DataTable caption={finding} reachable {...table} />
      ) : (
        <Plot {...plot} legend={children} />
      )}
    </figure>
  );
}

interface PlotProps extends Pick<ChartProps, 'name' | 'draw' | 'points' | 'first'> {
  readonly legend: ComponentChildren;
}

function Plot({ name, draw, points, first, legend }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const [drawn, setDrawn] = useState<Drawing | null>(null);
  const [read, setRead] = useState<number | null>(null);
  useLayoutEffect(() => {
    if (host.current === null || width === 0) return;
    const next = draw(width);
    host.current.replaceChildren(next.element);
    setDrawn(next);
  }, [draw, width]);

  const last = points.length - 1;
  const at = Math.min(read ?? first, last);
  const point = points[at];
  const open = (index: number): void => points[index]?.open?.();
  const press = (event: KeyboardEvent): void => {
    const to = nextPoint(event.key, at, last);
    if (to !== null) setRead(to);
    else if (event.key === 'Enter') open(at);
    else return;
    event.preventDefault();
  };
  const under = (event: PointerEvent | MouseEvent): number | null => {
    if (drawn === null || host.current === null) return null;
    const box = host.current.getBoundingClientRect();
    return nearest(drawn, drawn.along === 'x' ? event.clientX - box.left : event.clientY - box.top);
  };
  return (
    <div class="plot-area">
      {/* A slider is what reads values along a line; the drawing in it is decoration. */}
      <div
        class={point?.open ? 'plot-reader opens' : 'plot-reader'}
        role="slider"
        tabIndex={0}
        aria-label={`${name}: arrow keys read, Enter opens`}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={at}
        aria-valuetext={point?.words ?? 'nothing'}
        onKeyDown={press}
        onFocus={() => setRead((before) => before ?? first)}
        onBlur={() => setRead(null)}
        onPointerMove={(event) => setRead(under(event))}
        onPointerLeave={() => setRead(null)}
        onClick={(event) => {
          const index = under(event);
          if (index !== null) open(index);
        }}
      >
        <div ref={host} aria-hidden="true" />
        {read !== null && drawn !== null && <Mark drawing={drawn} at={at} />}
      </div>
      <div class="readout">{read === null ? legend : <b>{point?.words}</b>}</div>
    </div>
  );
}

function Mark({ drawing, at }: { readonly drawing: Drawing; readonly at: number }) {
  const place = `${drawing.places[at] ?? 0}px`;
  return (
    <i
      class={`mark along-${drawing.along}`}
      style={drawing.along === 'x' ? { left: place } : { top: place }}
    />
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
};

function nextPoint(key: string, at: number, last: number): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  const step = STEPS[key];
  return step === undefined ? null : Math.min(Math.max(at + step, 0), last);
}

function nearest({ places }: Drawing, at: number): number | null {
  let best: number | null = null;
  places.forEach((place, index) => {
    if (best === null || Math.abs(place - at) < Math.abs((places[best] as number) - at))
      best = index;
  });
  return best;
}

function useWidth(host: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (host.current === null) return;
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry?.contentRect.width ?? 0)),
    );
    observer.observe(host.current);
    return () => observer.disconnect();
  }, [host]);
  return width;
}
