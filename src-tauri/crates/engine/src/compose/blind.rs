//! A message handed on whole says nothing of those it was for in secret.

/// Fields that name blind recipients; a copy among one's own sent messages may bear them.
const BLIND: [&[u8]; 2] = [b"bcc", b"resent-bcc"];

/// The source without the fields of its header that name blind recipients.
pub fn without_blind(source: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(source.len());
    let mut rest = source;
    let mut blind = false;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        if line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            break;
        }
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            blind = BLIND.iter().any(|known| name.trim_ascii_end().eq_ignore_ascii_case(known));
        }
        if !blind {
            kept.extend_from_slice(line);
        }
        rest = after;
    }
    kept.extend_from_slice(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blind_recipients_go_with_every_line_of_their_field_and_nothing_else_does() {
        let source = b"From: ada@studio.example\r\nBCC: eve@x.example,\r\n\tmallory@x.example\r\nTo: mara@x.example\r\n\
            Resent-Bcc : oscar@x.example\r\n Subject of a fold\r\nSubject: Bcc: is a word\r\n\r\nBcc: in the text\r\n";
        let kept = String::from_utf8(without_blind(source)).unwrap();
        assert_eq!(
            kept,
            "From: ada@studio.example\r\nTo: mara@x.example\r\nSubject: Bcc: is a word\r\n\r\nBcc: in the text\r\n"
        );
        assert_eq!(without_blind(b"no header at all"), b"no header at all");
    }
}
