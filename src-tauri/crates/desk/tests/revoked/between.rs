//! A provider that lets something happen right after the first page of several.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use deskbell_domain::ProviderError;
use deskbell_domain::port::{
    Capabilities, CopySink, MessageSink, MessageSource, Provider, StateSink,
};
use deskbell_domain::sync::{Cursor, Page, PullOptions, RemoteBody, RemoteKey, RemoteScope};

/// See the module.
pub struct Between {
    inner: Arc<dyn Provider>,
    happens: Box<dyn Fn() + Send + Sync>,
    happened: AtomicBool,
}

impl Between {
    pub fn new(inner: Arc<dyn Provider>, happens: impl Fn() + Send + Sync + 'static) -> Self {
        Self { inner, happens: Box::new(happens), happened: AtomicBool::new(false) }
    }

    pub fn has_happened(&self) -> bool {
        self.happened.load(Ordering::SeqCst)
    }

    fn source(&self) -> &dyn MessageSource {
        self.inner.messages().unwrap()
    }
}

#[async_trait]
impl MessageSource for Between {
    async fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError> {
        self.source().scopes().await
    }

    async fn pull(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        options: PullOptions,
    ) -> Result<Page, ProviderError> {
        let page = self.source().pull(scope, cursor, options).await?;
        if page.more && !page.changes.is_empty() && !self.happened.swap(true, Ordering::SeqCst) {
            (self.happens)();
        }
        Ok(page)
    }

    async fn bodies(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        keys: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError> {
        self.source().bodies(scope, cursor, keys).await
    }

    async fn watch(&self, scopes: &[RemoteScope]) -> Result<Vec<String>, ProviderError> {
        self.source().watch(scopes).await
    }
}

impl Provider for Between {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        Some(self)
    }

    fn state(&self) -> Option<&dyn StateSink> {
        self.inner.state()
    }

    fn sink(&self) -> Option<&dyn MessageSink> {
        self.inner.sink()
    }

    fn copies(&self) -> Option<&dyn CopySink> {
        self.inner.copies()
    }
}
