//! One connection to the misbehaving mail server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;

use super::{Courier, Fault, Moment, SmtpOffers, State, Taken, lock};

/// Bytes of a message read before a fault in the middle of it strikes.
const MIDDLE: usize = 16;

struct Session<'a> {
    reader: BufReader<TcpStream>,
    stream: &'a TcpStream,
    state: &'a Mutex<State>,
    number: usize,
    /// The number of the message under way.
    message: usize,
}

/// The connection ends here.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

pub(super) fn serve(
    stream: &TcpStream,
    number: usize,
    state: &Mutex<State>,
    courier: Option<&Courier>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let reader = BufReader::new(stream.try_clone()?);
    let mut session = Session { reader, stream, state, number, message: 0 };
    let _: Result<(), Over> = session.run(courier);
    Ok(())
}

impl Session<'_> {
    fn run(&mut self, courier: Option<&Courier>) -> Result<(), Over> {
        let offers = lock(self.state).offers.clone();
        self.answer(Moment::Greeting, "220 mx.testbed.example ESMTP")?;
        let (mut from, mut to) = (None::<String>, Vec::new());
        loop {
            let line = self.line()?;
            let verb: String = line.chars().take(4).collect::<String>().to_ascii_uppercase();
            let argument = line.split_once(':').map_or("", |(_, argument)| argument.trim());
            match verb.as_str() {
                "EHLO" | "HELO" => self.answer(Moment::Ehlo, &ehlo(&offers))?,
                "AUTH" => self.sign_in(&line, &offers)?,
                "MAIL" => {
                    self.draw();
                    (from, to) = (Some(argument.to_owned()), Vec::new());
                    self.answer(Moment::Mail, "250 2.1.0 sender ok")?;
                }
                "RCPT" => {
                    let address =
                        argument.trim_start_matches('<').split('>').next().unwrap_or_default();
                    let refusal = lock(self.state).refused.get(address).cloned();
                    match refusal {
                        Some(reply) => self.say(&reply)?,
                        None if to.len() >= offers.recipients => {
                            self.say("452 4.5.3 Too many recipients")?;
                        }
                        None => {
                            if self.answer_unless(Moment::Rcpt, "250 2.1.5 recipient ok")? {
                                to.push(address.to_owned());
                            }
                        }
                    }
                }
                "DATA" if from.is_none() || to.is_empty() => self.say("503 5.5.1 no recipients")?,
                "DATA" => {
                    if !self.answer_unless(Moment::Data, "354 go on")? {
                        continue;
                    }
                    let source = self.message()?;
                    if !self.strike(Moment::End)? {
                        continue;
                    }
                    let taken = Taken {
                        from: from.take().unwrap_or_default(),
                        to: std::mem::take(&mut to),
                        source,
                        connection: self.number,
                    };
                    lock(self.state).taken.push(taken.clone());
                    if let Some(courier) = courier {
                        courier(&taken);
                    }
                    let verdict = format!("250 2.0.0 Ok: queued as T{}", self.message);
                    self.answer(Moment::Verdict, &verdict)?;
                    self.strike(Moment::After)?;
                }
                "RSET" => {
                    (from, to) = (None, Vec::new());
                    self.say("250 2.0.0 flushed")?;
                }
                "NOOP" => self.say("250 2.0.0 ok")?,
                "QUIT" => return self.answer(Moment::Quit, "221 2.0.0 bye"),
                _ => self.say("500 5.5.2 what?")?,
            }
        }
    }

    fn sign_in(&mut self, line: &str, offers: &SmtpOffers) -> Result<(), Over> {
        let right = &offers.password;
        let upper = line.to_ascii_uppercase();
        let given = if upper.starts_with("AUTH LOGIN") {
            self.say("334 VXNlcm5hbWU6")?;
            self.secret_line()?;
            self.say("334 UGFzc3dvcmQ6")?;
            decode(&self.secret_line()?)
        } else {
            decode(line.split(' ').nth(2).unwrap_or_default())
        };
        let known = if upper.starts_with("AUTH XOAUTH2") {
            given.contains(&format!("auth=Bearer {right}\u{1}"))
        } else {
            given == *right || given.ends_with(&format!("\0{right}"))
        };
        if known {
            return self.answer(Moment::Auth, "235 2.7.0 welcome");
        }
        if upper.starts_with("AUTH XOAUTH2") {
            // {"status":"400"}, as the large providers do: an empty line is due before the refusal.
            self.say("334 eyJzdGF0dXMiOiI0MDAifQ==")?;
            self.secret_line()?;
        }
        self.say("535 5.7.8 bad credentials")
    }

    /// Reads a message up to its end; the dots that were doubled are undoubled.
    fn message(&mut self) -> Result<Vec<u8>, Over> {
        if let Some(fault) = self.fault(Moment::Body) {
            let mut some = [0; MIDDLE];
            self.reader.read_exact(&mut some)?;
            self.suffer(fault)?;
        }
        let mut source = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.reader.read_until(b'\n', &mut line)? == 0 {
                return Err(Over);
            }
            if line == b".\r\n" {
                return Ok(source);
            }
            source.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    /// Decides what goes wrong with the message that begins.
    fn draw(&mut self) {
        let mut state = lock(self.state);
        state.messages += 1;
        self.message = state.messages;
        let number = self.message;
        match state.chance.as_mut().and_then(|chance| chance(number)) {
            Some(drawn) if drawn.0.is_of_connection() => state.faults.push_back(drawn),
            Some(drawn) => {
                state.drawn.insert(number, drawn);
            }
            None => {}
        }
    }

    fn fault(&self, moment: Moment) -> Option<Fault> {
        let mut state = lock(self.state);
        if state.drawn.get(&self.message).is_some_and(|(at, _)| *at == moment) {
            return state.drawn.remove(&self.message).map(|(_, fault)| fault);
        }
        let at = state.faults.iter().position(|(at, _)| *at == moment)?;
        state.faults.remove(at).map(|(_, fault)| fault)
    }

    /// Says a line, or what goes wrong at this moment.
    fn answer(&mut self, moment: Moment, line: &str) -> Result<(), Over> {
        self.answer_unless(moment, line).map(|_| ())
    }

    /// The same; whether the line was said.
    fn answer_unless(&mut self, moment: Moment, line: &str) -> Result<bool, Over> {
        let well = self.strike(moment)?;
        if well {
            self.say(line)?;
        }
        Ok(well)
    }

    /// Lets the fault of this moment strike; whether all goes on as if nothing were.
    fn strike(&mut self, moment: Moment) -> Result<bool, Over> {
        match self.fault(moment) {
            None => Ok(true),
            Some(Fault::Late(delay)) => {
                std::thread::sleep(delay);
                Ok(true)
            }
            Some(fault) => self.suffer(fault).map(|()| false),
        }
    }

    fn suffer(&mut self, fault: Fault) -> Result<(), Over> {
        match fault {
            Fault::Drop => Err(Over),
            Fault::Reply(reply) => {
                self.say(&reply)?;
                if reply.starts_with("421") { Err(Over) } else { Ok(()) }
            }
            Fault::Silence => {
                let _ = std::io::copy(&mut self.reader, &mut std::io::sink());
                Err(Over)
            }
            Fault::Garbage => {
                self.stream.write_all(b"\x00\xff\xfeHTTP/1.1 200 OK\r\n\r\n")?;
                Ok(())
            }
            Fault::Late(delay) => {
                std::thread::sleep(delay);
                Ok(())
            }
        }
    }

    fn say(&mut self, line: &str) -> Result<(), Over> {
        Ok(self.stream.write_all(format!("{line}\r\n").as_bytes())?)
    }

    fn line(&mut self) -> Result<String, Over> {
        let line = self.secret_line()?;
        let shown = match line.split_once(' ') {
            Some((verb, rest)) if verb.eq_ignore_ascii_case("AUTH") => {
                format!("AUTH {}", rest.split(' ').next().unwrap_or_default())
            }
            _ => line.clone(),
        };
        lock(self.state).lines.push(shown);
        Ok(line)
    }

    fn secret_line(&mut self) -> Result<String, Over> {
        let mut line = Vec::new();
        if self.reader.read_until(b'\n', &mut line)? == 0 {
            return Err(Over);
        }
        Ok(String::from_utf8_lossy(line.trim_ascii_end()).into_owned())
    }
}

fn ehlo(offers: &SmtpOffers) -> String {
    let mut lines = vec!["mx.testbed.example greets".to_owned()];
    lines.extend(offers.size.map(|size| format!("SIZE {size}")));
    lines.extend(offers.eight_bit.then(|| "8BITMIME".to_owned()));
    lines.extend(offers.utf8.then(|| "SMTPUTF8".to_owned()));
    lines.extend(offers.dsn.then(|| "DSN".to_owned()));
    if !offers.mechanisms.is_empty() {
        lines.push(format!("AUTH {}", offers.mechanisms.join(" ")));
    }
    let last = lines.len() - 1;
    let lines = lines.iter().enumerate();
    let lines = lines.map(|(at, line)| format!("250{}{line}", if at == last { ' ' } else { '-' }));
    lines.collect::<Vec<_>>().join("\r\n")
}

/// Base64, for the two or three lines of a sign-in.
fn decode(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0_u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for letter in text.bytes() {
        let Some(value) = LETTERS.iter().position(|known| *known == letter) else { break };
        bits = (bits << 6) | u32::try_from(value).unwrap_or(0);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap_or(0));
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_sign_in_is_read() {
        assert_eq!(super::decode("AGFkYQBwZW5jaWw="), "\0ada\0pencil");
        assert_eq!(super::decode(""), "");
    }
}
