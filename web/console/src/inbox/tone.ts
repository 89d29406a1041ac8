import type { Sound } from "../profile/profile";

/** Frequency in hertz, beginning and length in seconds. */
type Note = readonly [number, number, number];

interface Voice {
  readonly wave: OscillatorType;
  readonly notes: readonly Note[];
}

export const SOUNDS: Readonly<Record<Sound, Voice>> = {
  chime: { wave: "sine", notes: [[587.33, 0, 0.5], [880, 0.16, 0.5]] },
  bell: { wave: "triangle", notes: [[1046.5, 0, 1.2], [2093, 0, 0.6], [1318.5, 0.25, 1.2]] },
  drops: { wave: "sine", notes: [[1318.5, 0, 0.18], [1046.5, 0.12, 0.18], [784, 0.24, 0.3]] },
  knock: { wave: "triangle", notes: [[196, 0, 0.12], [196, 0.18, 0.12], [261.63, 0.36, 0.2]] },
};

/** At a volume of 100 percent; several notes may sound together. */
const LOUDEST = 0.28;

let context: AudioContext | undefined;

/**
 * A few soft notes; `volume` is in percent. Browsers allow no sound before the page was touched once; until then this
 * does nothing, and the tab's title, its icon and the coral row announce the visitor alone.
 */
export async function playTone(sound: Sound, volume: number): Promise<void> {
  if (!navigator.userActivation.hasBeenActive) return;
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") await context.resume();
    const { wave, notes } = SOUNDS[sound];
    for (const note of notes) play(context, wave, note, (LOUDEST * volume) / 100);
  } catch {
    // No audio device, or none allowed.
  }
}

function play(audio: AudioContext, wave: OscillatorType, [frequency, after, length]: Note, peak: number): void {
  const at = audio.currentTime + after;
  const oscillator = audio.createOscillator();
  const loudness = audio.createGain();
  oscillator.type = wave;
  oscillator.frequency.value = frequency;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(peak, at + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + length);
  oscillator.connect(loudness).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + length + 0.05);
}
