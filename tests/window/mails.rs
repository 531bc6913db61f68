//! The mailbox behind the window: thousands of mails, one of them hostile, and the listener it would like to reach.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use deskbell_testbed::Filed;

/// So many that the first sync takes a while to watch.
pub const MAILS: usize = 4_000;
/// The subject of the newest mail, which tries everything.
pub const HOSTILE: &str = "Your parcel could not be delivered";
/// The subject of the mail that is archived.
pub const WANTED: &str = "Balayage on Friday?";

/// The whole mailbox, oldest first.
pub fn mailbox(port: u16) -> Vec<Filed<Vec<u8>>> {
    let mut mails: Vec<Vec<u8>> = (0..MAILS - 2).map(everyday).collect();
    let body =
        "Hello,\r\n\r\nis there time for a balayage on Friday? My code word is zephyr.\r\n\r\nMara";
    mails.push(text("wanted", "Mara Voss", "mara", WANTED, "21 Nov 2026 08:00:00", body));
    mails.push(hostile(port));
    mails.into_iter().map(|raw| Filed { raw, flags: "", received: None }).collect()
}

const NAMES: [&str; 8] = [
    "Jonas Weber",
    "Aylin Demir",
    "Chloé Martin",
    "Tom Becker",
    "Priya Nair",
    "Lena Fuchs",
    "Marek Nowak",
    "Sofia Rossi",
];
const SUBJECTS: [&str; 6] = [
    "Can I come an hour later?",
    "Colour consultation",
    "Invoice for October",
    "Thank you!",
    "New address",
    "Appointment for my daughter",
];

fn everyday(number: usize) -> Vec<u8> {
    let name = NAMES[number % NAMES.len()];
    let address = format!("client{}", number % 40);
    let subject = format!("{} ({number})", SUBJECTS[number % SUBJECTS.len()]);
    let date = format!(
        "{} Nov 2026 {:02}:{:02}:00",
        1 + number * 20 / MAILS,
        7 + number % 13,
        number % 60
    );
    let body =
        "Good morning,\r\n\r\nplease let me know whether that works for you.\r\n\r\nBest wishes";
    text(&format!("day-{number}"), name, &address, &subject, &date, body)
}

fn text(id: &str, name: &str, address: &str, subject: &str, date: &str, body: &str) -> Vec<u8> {
    format!(
        "From: \"{name}\" <{address}@client.example>\r\nTo: Studio <studio@testbed.example>\r\n\
         Subject: {subject}\r\nDate: {date} +0000\r\nMessage-ID: <{id}@stories.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

/// Every way a mail may try to run something or to call home.
fn hostile(port: u16) -> Vec<u8> {
    let home = format!("http://127.0.0.1:{port}");
    format!(
        "From: Parcel Desk <desk@parcel.example>\r\nTo: studio@testbed.example\r\nSubject: {HOSTILE}\r\n\
         Date: 21 Nov 2026 09:00:00 +0000\r\nMessage-ID: <hostile@stories.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <html><head><meta http-equiv=\"refresh\" content=\"0;url={home}/refresh\"><base href=\"{home}/\">\r\n\
         <link rel=\"stylesheet\" href=\"{home}/style.css\"><link rel=\"dns-prefetch\" href=\"{home}/\">\r\n\
         <style>@import url({home}/import.css); p {{ background: url('{home}/css.png') }}\r\n\
         @font-face {{ font-family: f; src: url({home}/font.woff) }}</style>\r\n\
         <script>top.owned = 1; top.document.title = 'owned'; fetch('{home}/fetch')</script></head>\r\n\
         <body onload=\"top.owned = 2\" background=\"{home}/background.png\">\r\n\
         <h2>We missed you</h2><p style=\"color: #444; background-image: url({home}/inline.png)\">\r\n\
         Please confirm your address within 24 hours.</p>\r\n\
         <img src=\"{home}/pixel.gif\" width=1 height=1><img srcset=\"{home}/set.png 2x\" src=x onerror=\"top.owned = 3\">\r\n\
         <svg onload=\"top.owned = 4\"><image href=\"{home}/svg.png\"/><script>top.owned = 5</script></svg>\r\n\
         <iframe src=\"{home}/frame\"></iframe><object data=\"{home}/object\"></object><embed src=\"{home}/embed\">\r\n\
         <video poster=\"{home}/poster.png\" src=\"{home}/video\" autoplay></video><audio src=\"{home}/audio\" autoplay></audio>\r\n\
         <form action=\"{home}/form\"><input name=password><button autofocus onfocus=\"top.owned = 6\">Confirm</button></form>\r\n\
         <p><a href=\"javascript:top.owned = 7\">Confirm here</a> or\r\n\
         <a href=\"{home}/phish\">https://parcel.example/confirm</a></p>\r\n\
         <math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=top.owned=8&gt;\"></table></mtext></math>\r\n\
         </body></html>\r\n"
    )
    .into_bytes()
}

/// Counts who connects, and lets nobody in.
pub struct Listener {
    port: u16,
    visits: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Listens on a free port of loopback.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (visits, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, ended) = (Arc::clone(&visits), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            for _ in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    break;
                }
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, visits, over, thread: Some(thread) }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many came so far.
    pub fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the thread, which then sees that it is over.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        let _ = self.thread.take().unwrap().join();
    }
}
