import { useQuery } from "@tanstack/react-query";

import { rest } from "../shell/rest";

/** Whether the server can write to people; undefined until that is known. */
export function useSendsMail(): boolean | undefined {
  const { data } = useQuery({
    queryKey: ["mail"],
    queryFn: async () => ((await rest("GET", "/api/mail")) as { configured: boolean }).configured,
    staleTime: Infinity,
  });
  return data;
}
