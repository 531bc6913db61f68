/** Which screen stands behind which place. Mail is here from the start; the others are loaded when first visited. */
import type { Component } from "svelte";
import type { Screen } from "../stores/route.svelte";

export const SCREENS: Record<Exclude<Screen, "mail">, () => Promise<{ default: Component }>> = {
  accounts: () => import("../features/accounts/Accounts.svelte"),
  labels: () => import("../features/labels/Labels.svelte"),
  rules: () => import("../features/rules/Rules.svelte"),
  health: () => import("../features/health/Health.svelte"),
  settings: () => import("../features/settings/Settings.svelte"),
  welcome: () => import("../features/welcome/Welcome.svelte"),
};
