import { Refused } from "@havana/protocol";
import { Button } from "@havana/ui";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Chat } from "./chat";
import { words } from "./words";

const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const LONGEST = 200;

/** Name and e-mail, for when nobody is here. */
export function ContactForm({ chat, onDone }: { chat: Chat; onDone: () => void }) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const send = async () => {
    const wrong = whatIsWrong(name, email);
    setProblem(wrong);
    if (wrong !== null) return;
    setSending(true);
    try {
      await chat.ask("leave_contact", { name: name.trim(), email: email.trim() });
      onDone();
    } catch (error) {
      setSending(false);
      setProblem(error instanceof Refused ? error.message : words.stopped.refused);
    }
  };
  return (
    <form
      noValidate
      aria-label={words.leaveContact}
      class="hv-appear flex w-full max-w-sm flex-col gap-3 rounded-large border border-line bg-surface p-4 text-start text-ink shadow-low"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field name="name" label={words.name} value={name} onInput={setName} isFirst />
      <Field name="email" label={words.email} value={email} onInput={setEmail} />
      {problem === null ? null : (
        <p role="alert" class="text-waiting">
          {problem}
        </p>
      )}
      <div class="flex justify-end gap-2">
        <Button look="quiet" onClick={onDone}>
          {words.cancel}
        </Button>
        <Button look="primary" type="submit" disabled={isSending}>
          {words.sendContact}
        </Button>
      </div>
    </form>
  );
}

interface FieldProps {
  name: "name" | "email";
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** The cursor goes here when the form opens. */
  isFirst?: boolean;
}

function Field({ name, label, value, onInput, isFirst = false }: FieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isFirst) field.current?.focus();
  }, [isFirst]);
  return (
    <label>
      {label}
      <input
        ref={field}
        class="mt-1 h-11 w-full rounded-medium border border-line bg-ground px-3 text-base text-ink"
        name={name}
        inputmode={name === "email" ? "email" : "text"}
        autocomplete={name}
        maxLength={LONGEST}
        value={value}
        onInput={(event) => {
          onInput(event.currentTarget.value);
        }}
      />
    </label>
  );
}

function whatIsWrong(name: string, email: string): string | null {
  if (name.trim() === "") return words.nameMissing;
  return EMAIL.test(email.trim()) ? null : words.emailWrong;
}
