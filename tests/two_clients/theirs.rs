//! What the other client does, and the mail server.

use deskbell_testbed::OtherClient;

use crate::play::{Play, ROOMS};
use crate::support::{mail, server};

impl Play {
    /// A mail arrives; one in eight answers another.
    pub fn deliver(&mut self) {
        let id = format!("{}@stories.example", self.copies.len());
        let known: Vec<String> = self.copies.keys().cloned().collect();
        let answered = if self.dice.in_hundred(12) { self.dice.one_of(&known) } else { None };
        let number = self.copies.len();
        let mut raw = mail(&number.to_string(), &format!("mail {number}"), "Is Friday still free?");
        if let Some(answered) = answered {
            let head = format!("In-Reply-To: <{answered}>\r\nReferences: <{answered}>\r\n");
            raw.splice(0..0, head.into_bytes());
            // From now on a mark of the answer's conversation concerns this message too.
            self.intents.retain(|(own, _), _| own != answered);
            self.threaded.extend([id.clone(), answered.clone()]);
        }
        self.server.deliver(self.server.user(), &raw).unwrap();
        self.note(format!("deliver {id}{}", answered.map_or("", |_| " (a reply)")));
        self.copies.insert(id, 1);
    }

    /// The other client sets or clears a flag.
    pub fn flag(&mut self) {
        let mut phone = self.phone();
        self.flag_on(&mut phone);
    }

    fn flag_on(&mut self, phone: &mut OtherClient) {
        let Some((room, copy)) = self.pick(phone) else { return };
        let sign = if self.dice.in_hundred(50) { '+' } else { '-' };
        let flag = if self.dice.in_hundred(50) { "\\Seen" } else { "\\Flagged" };
        phone.command(&format!("SELECT {room}")).unwrap();
        phone.command(&format!("UID STORE {} {sign}FLAGS ({flag})", copy.uid)).unwrap();
        self.note(format!("phone {sign}{flag} {} in {room}", copy.id));
        self.touch(&copy.id);
    }

    /// The other client moves a message.
    pub fn travel(&mut self) {
        let mut phone = self.phone();
        let Some((room, copy)) = self.pick(&mut phone) else { return };
        let others: Vec<&str> = ROOMS.into_iter().filter(|other| *other != room).collect();
        let target = *self.dice.one_of(&others).unwrap();
        phone.command(&format!("SELECT {room}")).unwrap();
        phone.command(&format!("UID MOVE {} {target}", copy.uid)).unwrap();
        self.note(format!("phone moves {} from {room} to {target}", copy.id));
        self.touch(&copy.id);
    }

    /// The other client deletes a copy for good.
    pub fn expunge(&mut self) {
        let mut phone = self.phone();
        let Some((room, copy)) = self.pick(&mut phone) else { return };
        self.expunge_copy(&mut phone, room, &copy);
    }

    /// The other client deletes a copy for good that no mark of ours moves.
    fn expunge_still(&mut self, phone: &mut OtherClient) {
        let Some((room, copy)) = self.pick(phone) else { return };
        // A mark of ours moves a whole conversation.
        if !self.moving.contains(&copy.id) && !self.threaded.contains(&copy.id) {
            self.expunge_copy(phone, room, &copy);
        }
    }

    fn expunge_copy(&mut self, phone: &mut OtherClient, room: &str, copy: &server::Copy) {
        phone.command(&format!("SELECT {room}")).unwrap();
        phone.command(&format!("UID STORE {} +FLAGS (\\Deleted)", copy.uid)).unwrap();
        phone.command(&format!("UID EXPUNGE {}", copy.uid)).unwrap();
        self.note(format!("phone expunges {} in {room}", copy.id));
        *self.copies.get_mut(&copy.id).unwrap() -= 1;
        self.touch(&copy.id);
    }

    /// The other client appends a message that is there already, to the same mailbox or another.
    pub fn double(&mut self) {
        let mut phone = self.phone();
        let Some((room, copy)) = self.pick(&mut phone) else { return };
        let target = *self.dice.one_of(&ROOMS).unwrap();
        phone.command(&format!("SELECT {room}")).unwrap();
        let answers = phone.command(&format!("UID FETCH {} (BODY.PEEK[])", copy.uid)).unwrap();
        let answer = answers.iter().find(|line| line.contains("BODY[]")).unwrap();
        let (_, source) = answer.split_once("}\r\n").unwrap();
        let source = source.strip_suffix(')').unwrap();
        phone.append(target, "\\Seen", source.as_bytes()).unwrap();
        self.note(format!("phone appends {} of {room} to {target}", copy.id));
        *self.copies.get_mut(&copy.id).unwrap() += 1;
        self.touch(&copy.id);
    }

    /// The INBOX gets a new UIDVALIDITY, once in a play.
    pub fn renumber(&mut self) {
        assert!(!self.renumbered, "once is enough");
        self.renumbered = true;
        let user = self.server.user().to_owned();
        self.server.renumber(&user, "INBOX").unwrap();
        self.note("the INBOX is renumbered".into());
    }

    /// What the other client does while ours is at work; moves are left out, since two moves of one message at
    /// the same instant are the server's own affair.
    pub fn meanwhile(&mut self, phone: &mut OtherClient) {
        match self.dice.below(100) {
            0..35 => self.deliver(),
            35..60 => self.expunge_still(phone),
            _ => self.flag_on(phone),
        }
    }

    /// The copies that lie in a room now.
    pub fn in_room(&self, room: &str) -> Vec<server::Copy> {
        server::copies(&mut self.phone(), room)
    }
}
