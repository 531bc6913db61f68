//! The address behind which the fakes live.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::fault::{Fault, Strike};
use crate::journal::{Entry, Trouble, Troubles};
use crate::{World, control, google, kept, microsoft, resend, sendgrid};

/// A request larger than this is refused.
pub(crate) const LARGEST: usize = 64 * 1024 * 1024;

/// The world, as handlers share it.
pub(crate) type Shared = Arc<Mutex<World>>;

/// How the fakes run, where a test's usual way is not wanted.
pub struct Options {
    /// What the world is at the beginning.
    pub world: World,
    /// What time it is, ms UTC; without it the clock moves only when told to.
    pub time: Option<Arc<dyn Fn() -> i64 + Send + Sync>>,
    /// The secret of those who may steer the fakes over HTTP; without one nobody may.
    pub control: Option<String>,
    /// Where the mailboxes are kept from one run to the next.
    pub file: Option<PathBuf>,
    /// What passes is held against the specifications, and what breaks them stops the test when the fakes end;
    /// only where the feature `specs` is on.
    pub held: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { world: World::default(), time: None, control: None, file: None, held: true }
    }
}

/// What every request is attended with.
pub(crate) struct Attendance {
    pub(crate) world: Shared,
    time: Option<Arc<dyn Fn() -> i64 + Send + Sync>>,
    file: Mutex<Option<PathBuf>>,
    held: bool,
}

/// Running fakes on a free loopback port; they end when this is dropped.
pub struct Simulator {
    address: SocketAddr,
    attendance: Arc<Attendance>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Simulator {
    /// Starts the fakes; every provider lives below its own name: `{base_url}/resend`.
    pub fn start() -> std::io::Result<Self> {
        Self::with(Options::default())
    }

    /// Goes on where an earlier run ended, whose mailboxes lie in [`Options::file`].
    pub fn resume(options: Options) -> std::io::Result<Self> {
        let file = options.file.as_deref().ok_or(std::io::ErrorKind::NotFound)?;
        let world = kept::resume(file)?;
        Self::with(Options { world, ..options })
    }

    /// As [`Simulator::start`], in another way.
    pub fn with(options: Options) -> std::io::Result<Self> {
        let Options { world, time, control, file, held } = options;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let world = Arc::new(Mutex::new(world));
        let attendance = Arc::new(Attendance { world, time, file: Mutex::new(file), held });
        attendance.keep()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let router = router(&attendance, control);
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
        Ok(Self { address, attendance, stop: Some(stop), thread: Some(thread) })
    }

    /// From now on nothing is kept for another run.
    pub fn keep_no_more(&self) {
        *self.attendance.file.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Where the fakes are controlled, where they may be.
    pub fn control_url(&self) -> String {
        format!("http://{}{}", self.address, control::PLACE)
    }

    /// Where a provider's API is.
    pub fn base_url(&self, provider: &str) -> String {
        format!("http://{}/{provider}", self.address)
    }

    /// The world, to look at and to change.
    pub fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.attendance.world)
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
        // What happened by the handle alone is kept too. Who drops it has nobody to tell of a failure.
        let _ = self.attendance.keep();
        let complaints = std::mem::take(&mut self.world().complaints);
        #[expect(
            clippy::panic,
            reason = "a test must not pass where both sides agree on what is wrong"
        )]
        if !complaints.is_empty() && !std::thread::panicking() {
            panic!("otherwise than the specification says:\n{}", complaints.join("\n"));
        }
    }
}

pub(crate) fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Attendance {
    /// The clock moves on, and what is due by now happens; whether anything did.
    pub(crate) fn pass(&self) -> bool {
        let mut world = lock(&self.world);
        if let Some(time) = &self.time {
            world.now = world.now.max(time());
        }
        let now = world.now;
        world.google.publish(now);
        let brought = world.bring_answers();
        drop(world);
        microsoft::subscriptions::tell(&self.world);
        brought
    }

    /// Writes what outlives a run.
    pub(crate) fn keep(&self) -> std::io::Result<()> {
        match &*self.file.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(file) => kept::keep(&lock(&self.world), file),
            None => Ok(()),
        }
    }
}

fn router(attendance: &Arc<Attendance>, secret: Option<String>) -> Router {
    let each = |provider: &'static str, router: Router<Shared>| {
        let attendance = (provider, Arc::clone(attendance));
        let world = Arc::clone(&attendance.1.world);
        router.layer(from_fn_with_state(attendance, attend)).with_state(world)
    };
    let router = Router::new()
        .nest("/microsoft", each("microsoft", microsoft::router()))
        .nest("/google", each("google", google::router()))
        .nest("/resend", each("resend", resend::router()))
        .nest("/sendgrid", each("sendgrid", sendgrid::router()));
    match secret {
        Some(secret) => router.nest(control::PLACE, control::router(attendance, secret)),
        None => router,
    }
}

/// A request as it came, to be held against the specification with its answer.
#[cfg_attr(
    not(feature = "specs"),
    expect(dead_code, reason = "there is nothing to hold it against")
)]
struct Asked {
    provider: &'static str,
    head: axum::http::request::Parts,
    body: Bytes,
}

impl Asked {
    fn of(provider: &'static str, head: &axum::http::request::Parts, body: &Bytes) -> Self {
        Self { provider, head: head.clone(), body: body.clone() }
    }
}

#[cfg(not(feature = "specs"))]
impl Attendance {
    async fn hold(&self, asked: Asked, answer: Response) -> Response {
        drop(asked);
        let _ = self.held;
        answer
    }
}

#[cfg(feature = "specs")]
impl Attendance {
    async fn hold(&self, asked: Asked, answer: Response) -> Response {
        if !self.held {
            return answer;
        }
        let (told, body) = answer.into_parts();
        let body = to_bytes(body, LARGEST).await.unwrap_or_default();
        let kind = |headers: &axum::http::HeaderMap| {
            let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            kind.unwrap_or_default().to_owned()
        };
        let found = crate::specs::complaints(&crate::specs::Exchange {
            provider: asked.provider,
            method: asked.head.method.as_str(),
            path: asked.head.uri.path(),
            query: asked.head.uri.query().unwrap_or_default(),
            kind: &kind(&asked.head.headers),
            body: &asked.body,
            answer: Some(crate::specs::Answered {
                status: told.status.as_u16(),
                kind: &kind(&told.headers),
                body: &body,
            }),
        });
        lock(&self.world).complaints.extend(found);
        Response::from_parts(told, Body::from(body))
    }
}

/// Notes every request, and lets faults strike.
async fn attend(
    State((provider, attendance)): State<(&'static str, Arc<Attendance>)>,
    request: Request,
    next: Next,
) -> Response {
    let world = &attendance.world;
    let happened = attendance.pass();
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, Body::empty());
    };
    let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
    let changes = head.method != Method::GET;
    let (fault, entry) = {
        let mut world = lock(world);
        let at = world.faults.iter().position(|fault| fault.fits(provider, &method, &path));
        let fault = at.and_then(|at| world.faults.remove(at));
        if fault.as_ref().is_some_and(|fault| fault.strike.revokes()) {
            world.google.oauth.revoke_all();
            world.microsoft.oauth.revoke_all();
        }
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
            trouble: fault.iter().map(|_| Trouble::Fault).collect(),
        };
        (fault, world.note(entry))
    };
    let carried_out = match &fault {
        None => true,
        Some(fault) => fault.carried_out || fault.strike.only_delays(),
    };
    let answer = if carried_out {
        let asked = Asked::of(provider, &head, &body);
        let answer = next.run(Request::from_parts(head, Body::from(body))).await;
        attendance.hold(asked, answer).await
    } else {
        plain(StatusCode::OK, Body::from("{}"))
    };
    let mut strike = fault.map(|fault| fault.strike);
    while let Some(Strike::Late(by, then)) = strike {
        tokio::time::sleep(by).await;
        strike = then.map(|then| *then);
    }
    let answer = match strike {
        None | Some(Strike::Revoked | Strike::Late(..)) => answer,
        Some(Strike::Never) => std::future::pending().await,
        Some(Strike::Answer { status, headers, body }) => instead(status, headers, body),
        Some(Strike::Cut(after)) => cut(answer, after).await,
    };
    let trouble = answer.extensions().get::<Troubles>().cloned().unwrap_or_default();
    lock(world).answered(entry, answer.status().as_u16(), trouble);
    if happened || (changes && answer.status().is_success()) {
        // On disk before anybody hears of it, so that nobody who heard of it knows more than the next run.
        if let Err(error) = attendance.keep() {
            let words = format!("the mailboxes could not be kept: {error}");
            return plain(StatusCode::INSUFFICIENT_STORAGE, Body::from(words));
        }
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
