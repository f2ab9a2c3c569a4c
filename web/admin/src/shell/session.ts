// Who is signed in, and what they may do here.

import { createContext, useContext } from "react";
import type { Me, Role } from "@rapport/ui";

const RANK: Record<Role, number> = { agent: 0, supervisor: 1, administrator: 2, owner: 3 };

export function atLeast(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

/** Roles that somebody of this role may give: none above their own. */
export function rolesBelow(role: Role): Role[] {
  return (Object.keys(RANK) as Role[]).filter((it) => atLeast(role, it));
}

export interface Session {
  me: Me;
  /** Shows a change of the own account at once. */
  update: (part: Partial<Me>) => void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("outside of the session");
  return session;
}

/** Whether the person has at least this role. */
export function useMay(needed: Role): boolean {
  return atLeast(useSession().me.member.role, needed);
}
