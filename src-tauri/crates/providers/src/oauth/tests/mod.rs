//! Signing in and staying signed in, against a provider that is played.
//!
//! What may come in, and the test that holds each; here by a name of its own, in `tests/signing_in` through `bell` with
//! Google and Microsoft both, in `tests/window/signing_in.rs` in the real window.
//!
//! | what comes | at the sign-in (here, and `bad_input.rs`) | at calls (`gmail`, `graph`: `misbehaviour`, and `bad_input_calls.rs`) |
//! |---|---|---|
//! | denied consent | `what_the_person_or_their_organisation_refuses_is_said_plainly` | cannot happen: no page |
//! | closed browser | `a_browser_that_is_closed_ends_the_attempt_after_ten_minutes` | cannot happen: no page |
//! | reused `state` | `an_answer_is_used_once_however_it_comes` | cannot happen: no answer |
//! | foreign `state` | `an_answer_with_another_state_is_refused_before_anything_else` | cannot happen: no answer |
//! | code for another account | `a_code_of_another_attempt_is_good_for_nothing`, `a_sign_in_lives_through_expiry_rotation_and_loss` | `a_sign_in_taken_back_in_the_middle_of_a_sync_loses_nothing` |
//! | missing scope | `what_the_person_or_their_organisation_refuses_is_said_plainly` | `what_only_the_person_or_their_organisation_can_allow_is_asked_of_them`, `a_missing_permission_is_no_rate_limit`, `every_refusal_is_what_it_means` |
//! | clock skew | `a_clock_that_is_hours_off_is_named_as_the_cause`, `a_clock_that_is_hours_off_is_named` | `a_401_heals_by_one_refresh_also_where_the_clocks_differ` |
//! | revoked token mid-sync | cannot happen: nothing is given yet | `a_sign_in_taken_back_in_the_middle_of_a_sync_loses_nothing`, `a_sign_in_that_was_taken_back_is_for_the_person_and_is_asked_about_once` |
//! | tenant consent error | `whatever_comes_of_the_page_is_one_sentence_and_the_next_try_works` | `what_only_the_person_or_their_organisation_can_allow_is_asked_of_them` |
//! | captive portal, HTML with 200 | `answers_that_are_none_are_told_apart` | `an_answer_that_is_none_costs_nothing_but_a_sentence`, `a_refresh_that_meets_trouble_asks_nobody_to_sign_in` |
//! | 401 that heals | a token just given has nothing to be healed by: `the_server_does_not_take_a_token_just_given_and_nobody_is_asked_for_another` of `desk` says so | `a_401_heals_by_one_refresh_also_where_the_clocks_differ` |
//! | 403 that is a rate limit | `too_often_is_no_refusal` | `an_answer_that_is_none_costs_nothing_but_a_sentence`, `too_often_is_a_pause_in_each_of_its_forms` |
//! | 5 MB JSON answer | `answers_that_are_none_are_told_apart` | `an_answer_that_is_none_costs_nothing_but_a_sentence`, `five_megabytes_of_changes_are_read` |
//! | truncated JSON | `answers_that_are_none_are_told_apart` | `an_answer_that_is_none_costs_nothing_but_a_sentence` |
//!
//! One button each: `every_problem_has_one_remedy` in `desk/src/browser.rs` and `ui/src/features/accounts/SignIn.test.ts`.

mod giving_back;
mod keeping;
mod microsoft;
mod page;
mod signing_in;
pub(crate) mod support;
