/** The patterns that tell parts apart without colour; charts refer to them by id. */

export function Hatches() {
  return (
    <svg class="hatches" aria-hidden="true" focusable="false">
      <defs>
        <pattern
          id="hatch-loss"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="hatch-ground" width="6" height="6" />
          <rect class="hatch-line" width="2.5" height="6" />
        </pattern>
        <pattern id="dots-gain" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect class="hatch-ground" width="5" height="5" />
          <circle class="hatch-dot" cx="2.5" cy="2.5" r="1.3" />
        </pattern>
      </defs>
    </svg>
  );
}
