//! Stateful fakes of the HTTP providers.
