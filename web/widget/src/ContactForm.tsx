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
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const send = async () => {
    const wrong = whatIsWrong(name, email);
    setProblem(wrong);
    if (wrong !== null) return;
    setSending(true);
    try {
      await chat.conversation.command("leave_contact", { name: name.trim(), email: email.trim() });
      onDone();
    } catch (error) {
      setSending(false);
      setProblem({ text: error instanceof Refused ? error.message : words.stopped.refused });
    }
  };
  return (
    <form
      noValidate
      aria-label={words.offers.leave_contact}
      class="hv-appear flex w-full max-w-sm flex-col gap-3 rounded-large border border-line bg-surface p-4 text-start text-ink shadow-low"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field name="name" label={words.name} value={name} onInput={setName} problem={problem} isFirst />
      <Field name="email" label={words.email} value={email} onInput={setEmail} problem={problem} />
      {problem && !problem.field ? <Wrong>{problem.text}</Wrong> : null}
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

interface Problem {
  /** The field it is about, if it is about one. */
  readonly field?: "name" | "email";
  readonly text: string;
}

interface FieldProps {
  name: "name" | "email";
  label: string;
  value: string;
  onInput: (value: string) => void;
  problem: Problem | null;
  /** The cursor goes here when the form opens. */
  isFirst?: boolean;
}

function Field({ name, label, value, onInput, problem, isFirst = false }: FieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const isWrong = problem?.field === name;
  useEffect(() => {
    if (isFirst || isWrong) field.current?.focus();
  }, [isFirst, isWrong]);
  return (
    <div class="flex flex-col gap-1">
      <label for={`contact-${name}`} class="font-medium">
        {label}
      </label>
      <input
        ref={field}
        id={`contact-${name}`}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `contact-${name}-wrong` : undefined}
        class="h-11 w-full rounded-medium border border-line bg-ground px-3 text-base text-ink aria-invalid:border-waiting"
        name={name}
        inputmode={name === "email" ? "email" : "text"}
        autocomplete={name}
        maxLength={LONGEST}
        value={value}
        onInput={(event) => {
          onInput(event.currentTarget.value);
        }}
      />
      {isWrong ? <Wrong id={`contact-${name}-wrong`}>{problem.text}</Wrong> : null}
    </div>
  );
}

function Wrong({ id, children }: { id?: string; children: string }) {
  return (
    <p role="alert" id={id} class="text-pretty text-waiting">
      {children}
    </p>
  );
}

function whatIsWrong(name: string, email: string): Problem | null {
  if (name.trim() === "") return { field: "name", text: words.nameMissing };
  return EMAIL.test(email.trim()) ? null : { field: "email", text: words.emailWrong };
}
