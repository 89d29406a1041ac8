import { RestRefused } from "../shell/rest";
import { peopleWords } from "./peopleWords";

/** What the server refused it has explained; anything else is the network. */
export function explain(error: Error): string {
  return (error instanceof RestRefused && error.status < 500 && error.message) || peopleWords.failed;
}
