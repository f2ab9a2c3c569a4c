// Names of intents as people read them: the one that holds what is out of scope has no name of its own.

import { texts } from "@rapport/ui";
import { OUT_OF_SCOPE } from "./nouns.ts";

const t = texts({ outside: { zh: "不属于任何意图", en: "None of the intents" } });

export const intentName = (name: string): string => (name === OUT_OF_SCOPE ? t("outside") : name);
