//! Files of a message: named safely, given back byte for byte.

use super::*;

const SOURCE: &str = "Subject: Files\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n\
--cut\r\nContent-Type: text/plain\r\n\r\nSee the files.\r\n\
--cut\r\nContent-Type: application/pdf; name=\"..\\..\\C:/evil/price list.pdf\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjc=\r\n\
--cut\r\nContent-Type: text/csv; charset=iso-8859-1\r\nContent-Disposition: attachment; filename=\"list.csv\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ngr=FC=DFe\r\n\
--cut\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inner: 50%\r\n\r\ninner text\r\n\
--cut\r\nContent-Type: text/calendar; method=REQUEST\r\nContent-Disposition: attachment\r\n\r\nBEGIN:VCALENDAR\r\n\
--cut\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"\u{202e}gnp.exe\"\r\n\r\nx\r\n--cut--\r\n";

#[test]
fn files_are_listed_with_safe_names() {
    let rendered = render(SOURCE.as_bytes(), &options());
    let names: Vec<(&str, &str)> = rendered
        .attachments
        .iter()
        .map(|file| (file.name.as_str(), file.media_type.as_str()))
        .collect();
    assert_eq!(
        names[..4],
        [
            ("price list.pdf", "application/pdf"),
            ("list.csv", "text/csv"),
            ("Inner_ 50%.eml", "message/rfc822"),
            ("invitation.ics", "text/calendar")
        ]
    );
    assert!(names[4].0.ends_with("gnp.exe") && !names[4].0.contains('\u{202e}'), "{names:?}");
}

#[test]
fn a_file_is_given_back_as_it_was_attached() {
    let rendered = render(SOURCE.as_bytes(), &options());
    for file in &rendered.attachments {
        let (name, media_type, bytes) =
            attachment(SOURCE.as_bytes(), file.part).expect("the file that was listed");
        assert_eq!(
            (name.as_str(), media_type.as_str(), bytes.len() as u64),
            (file.name.as_str(), file.media_type.as_str(), file.size)
        );
    }
    let bytes = |at: usize| {
        attachment(SOURCE.as_bytes(), rendered.attachments[at].part).expect("the file").2
    };
    assert_eq!(bytes(0), b"%PDF-1.7");
    assert_eq!(bytes(1), b"gr\xfc\xdfe", "its charset is its own");
    assert_eq!(bytes(2), b"Subject: Inner: 50%\r\n\r\ninner text", "only the message inside");
}

#[test]
fn there_is_no_file_where_there_is_none() {
    assert!(attachment(SOURCE.as_bytes(), 0).is_none(), "a multipart is no file");
    assert!(attachment(SOURCE.as_bytes(), 99).is_none());
}
