/// <reference types="vite/client" />

import { describe, expect, it } from "vitest";

import pace from "../pace.css?raw";
import css from "../tokens.css?raw";

type Colour = readonly [number, number, number];

/** What stands on what, somewhere on the pages. */
const PAIRS = [
  ["ink", ["ground", "surface", "raised", "assistant-soft", "wash"]],
  ["ink-soft", ["ground", "surface", "raised", "sunken", "wash", "line", "assistant-soft", "waiting-soft", "note"]],
  ["palm", ["ground", "surface", "raised", "wash", "palm-soft"]],
  ["palm-ink", ["palm", "palm-deep"]],
  ["own-ink", ["own"]],
  ["assistant", ["assistant-soft"]],
  ["person", ["person-soft"]],
  ["waiting", ["ground", "surface", "raised", "wash", "waiting-soft", "note"]],
  ["waiting-ink", ["waiting"]],
  ["due", ["surface", "due-soft"]],
  ["ink-soft", ["due-soft"]],
  ["note-ink", ["note"]],
] as const;

const [light, dark] = [css, pace].map(halves).reduce(([a, b], [c, d]) => [a + c, b + d]);
const schemes = { light: tokens(light), dark: tokens(light + dark) };

describe.each(["light", "dark"] as const)("in %s", (scheme) => {
  it.each(PAIRS.flatMap(([words, grounds]) => grounds.map((ground) => [words, ground] as const)))(
    "%s can be read on %s",
    (words, ground) => {
      const of = schemes[scheme];

      expect(contrast(shown(of, words, ground), shown(of, ground, "surface"))).toBeGreaterThan(4.5);
    },
  );
});

function halves(file: string): [string, string] {
  const [light = "", dark = ""] = file.split("@media (prefers-color-scheme: dark)");
  return [light, dark];
}

/** Each token's lightness, chroma, hue and opacity. */
function tokens(block: string): Map<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  for (const [, name = "", value = ""] of block.matchAll(/--([\w-]+):\s*(oklch\([^)]*\)|var\([^)]*\))/g)) {
    const same = /^var\(--(.*)\)$/.exec(value)?.[1];
    const numbers = (value.match(/[\d.]+%?/g) ?? []).map((each) => parseFloat(each) / (each.endsWith("%") ? 100 : 1));
    const colour = same === undefined ? numbers : found.get(same);
    if (colour) found.set(name, colour);
  }
  return found;
}

/** A colour as it appears on another one, in sRGB from 0 to 1. */
function shown(of: Map<string, readonly number[]>, name: string, on: string): Colour {
  const [l, c, h, opacity = 1] = of.get(name) ?? [];
  if (l === undefined || c === undefined || h === undefined) throw new Error(`There is no colour ${name}`);
  const colour = srgb(l, c, h);
  if (opacity === 1) return colour;
  const below = shown(of, on, "surface");
  return [0, 1, 2].map((i) => (colour[i] ?? 0) * opacity + (below[i] ?? 0) * (1 - opacity)) as unknown as Colour;
}

/** Björn Ottosson's OKLab, https://bottosson.github.io/posts/oklab/ */
function srgb(lightness: number, chroma: number, hue: number): Colour {
  const turn = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(turn), chroma * Math.sin(turn)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function encoded(linear: number): number {
  const light = Math.min(1, Math.max(0, linear));
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
