//! The address behind which the fakes live.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::fault::{Fault, Strike};
use crate::journal::Entry;
use crate::{World, google, microsoft, resend, sendgrid};

/// A request larger than this is refused.
pub(crate) const LARGEST: usize = 64 * 1024 * 1024;

/// The world, as handlers share it.
pub(crate) type Shared = Arc<Mutex<World>>;

/// Running fakes on a free loopback port; they end when this is dropped.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    world: Shared,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts the fakes; every provider lives below its own name: `{base_url}/resend`.
    pub fn start() -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let world = Shared::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let router = router(&world);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                let serving = async { axum::serve(listener, router).await };
                // A request that hangs must not keep the fakes alive.
                tokio::select! {
                    _ = serving => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { address, world, stop: Some(stop), thread: Some(thread) })
    }

    /// Where a provider's API is.
    pub fn base_url(&self, provider: &str) -> String {
        format!("http://{}/{provider}", self.address)
    }

    /// The world, to look at and to change.
    pub fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// Lets something go wrong.
    pub fn fault(&self, fault: Fault) {
        self.world().faults.push_back(fault);
    }

    /// Moves the clock forward.
    pub fn advance(&self, ms: i64) {
        self.world().now += ms;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

fn router(world: &Shared) -> Router {
    let each = |router: Router<Shared>| {
        router.layer(from_fn_with_state(Arc::clone(world), attend)).with_state(Arc::clone(world))
    };
    Router::new()
        .nest("/microsoft", each(microsoft::router()))
        .nest("/google", each(google::router()))
        .nest("/resend", each(resend::router()))
        .nest("/sendgrid", each(sendgrid::router()))
}

/// Notes every request, and lets faults strike.
async fn attend(State(world): State<Shared>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, Body::empty());
    };
    let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
    let (fault, entry) = {
        let mut world = lock(&world);
        let at = world.faults.iter().position(|fault| fault.fits(&method, &path));
        let fault = at.and_then(|at| world.faults.remove(at));
        let headers = head.headers.iter().filter(|(name, _)| *name != header::AUTHORIZATION);
        let headers = headers.map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let entry = Entry {
            at: world.now,
            method,
            path,
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: headers.collect(),
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
            status: None,
        };
        world.journal.push(entry);
        (fault, world.journal.len() - 1)
    };
    let carried_out = match &fault {
        None => true,
        Some(fault) => fault.carried_out || matches!(fault.strike, Strike::Late(_)),
    };
    let answer = if carried_out {
        next.run(Request::from_parts(head, Body::from(body))).await
    } else {
        plain(StatusCode::OK, Body::from("{}"))
    };
    let answer = match fault.map(|fault| fault.strike) {
        None => answer,
        Some(Strike::Late(delay)) => {
            tokio::time::sleep(delay).await;
            answer
        }
        Some(Strike::Never) => std::future::pending().await,
        Some(Strike::Answer { status, headers, body }) => instead(status, headers, body),
        Some(Strike::Cut(after)) => cut(answer, after).await,
    };
    let mut world = lock(&world);
    if let Some(entry) = world.journal.get_mut(entry) {
        entry.status = Some(answer.status().as_u16());
    }
    answer
}

fn plain(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

fn instead(status: u16, headers: Vec<(String, String)>, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = plain(status, Body::from(body));
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) =
            (header::HeaderName::try_from(name), HeaderValue::try_from(value))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The answer, promised whole and broken off: its length is told, and less of it comes.
async fn cut(answer: Response, after: usize) -> Response {
    let (mut head, body) = answer.into_parts();
    let body = to_bytes(body, LARGEST).await.unwrap_or_default();
    let promised = body.len().max(after + 1);
    head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(promised));
    let kept = body.slice(..after.min(body.len()));
    Response::from_parts(head, Body::new(Broken(Some(kept))))
}

/// A body that ends with an error.
struct Broken(Option<Bytes>);

impl axum::body::HttpBody for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        std::task::Poll::Ready(Some(match self.0.take() {
            Some(kept) => Ok(http_body::Frame::data(kept)),
            None => Err(std::io::ErrorKind::ConnectionAborted.into()),
        }))
    }
}
