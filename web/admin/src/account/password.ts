// What a new password still lacks. The server has the last word (common passwords).

export const PASSWORD_MIN = 10;

export type PasswordProblem = { type: "short"; missing: number } | { type: "differs" };

export function passwordProblem(next: string, again: string): PasswordProblem | undefined {
  const length = [...next].length;
  if (length < PASSWORD_MIN) return { type: "short", missing: PASSWORD_MIN - length };
  return next === again ? undefined : { type: "differs" };
}
