//! The document that goes into the frame's `srcdoc`: policy, base style, the mail's own filtered sheets, the body.

use super::Theme;

/// Even where a filter failed, the frame may load nothing but the images written into it.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src 'none'; form-action 'none'; base-uri 'none'";

const BASE: &str = "html{-webkit-text-size-adjust:100%}\
body{margin:0;font:14px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;overflow-wrap:break-word;word-break:break-word}\
img{max-width:100%}img:not([height]){height:auto}table{max-width:100%}pre{white-space:pre-wrap}body>:first-child{margin-top:0}\
blockquote{margin:8px 0 8px 4px;padding-left:10px;border-left:2px solid #8886}\
a{color:LinkText}.db-suspicious{text-decoration:underline wavy #c0392b!important}\
.db-quoted{margin:8px 0}.db-quoted>summary{cursor:pointer;display:inline-block;padding:0 8px;border-radius:4px;font-size:12px;opacity:.8;background:#8883}\
.db-signature{opacity:.65}.db-image{display:inline-block;padding:1px 6px;border:1px dashed #8888;border-radius:4px;font-size:12px;opacity:.8}\
.db-image:empty{display:none}.db-cut{margin-top:16px;padding:8px 12px;border-radius:4px;background:#b8860b33;font-size:13px}";

/// Writes the whole document.
pub(super) fn document(body: &str, sheets: &str, colored: bool, theme: Theme) -> String {
    // A mail that sets any colour was designed on white paper and gets some; all else follows the window.
    let (scheme, ground) = match theme {
        Theme::Dark if colored => {
            ("light", "html{background:#fff;color:#1d1d1f}body{padding:12px 16px}")
        }
        _ if colored => ("light", "html{background:#fff;color:#1d1d1f}body{padding:4px 2px}"),
        Theme::Light => {
            ("light", "html{background:transparent;color:#1d1d1f}body{padding:4px 2px}")
        }
        Theme::Dark => ("dark", "html{background:transparent;color:#e6e6e6}body{padding:4px 2px}"),
    };
    let mut out = String::with_capacity(body.len() + sheets.len() + 2048);
    out.push_str("<!doctype html><html><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"");
    out.push_str(POLICY);
    out.push_str(
        "\"><meta name=\"referrer\" content=\"no-referrer\"><meta name=\"color-scheme\" content=\"",
    );
    out.push_str(scheme);
    out.push_str("\"><style>");
    out.push_str(BASE);
    out.push_str(ground);
    out.push_str("</style>");
    // Sheets are written from tokens and hold no `<`; one that did would not be trusted at all.
    if !sheets.is_empty() && !sheets.contains('<') {
        out.push_str("<style>");
        out.push_str(sheets);
        out.push_str("</style>");
    }
    out.push_str("</head><body>");
    out.push_str(body);
    out.push_str("</body></html>");
    out
}
