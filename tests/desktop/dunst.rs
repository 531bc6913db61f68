//! The same with dunst, a notification service that people run.

use deskbell_testbed::Dunst;

use crate::stage::{Stage, until};

#[test]
fn dunst_shows_news_once_and_keeps_them_while_nobody_is_to_be_disturbed() {
    let Some(stage) = Stage::set() else { return };
    let Some(dunst) = deskbell_testbed::unless_missing(Dunst::start(&stage.desktop)).unwrap()
    else {
        return;
    };
    let app = stage.open();
    stage.tray.menu_with("1 conversation unread").unwrap();
    assert_eq!(dunst.piles().unwrap().displayed, 0, "history is not announced");

    stage.deliver("Mara Voss <mara@client.example>", "Saturday & <i>Sunday</i>");
    until("the news on the screen", || dunst.piles().unwrap().displayed == 1);
    dunst.close_all().unwrap();
    until("the news among the past", || dunst.piles().unwrap().history == 1);
    let past = dunst.history().unwrap();
    assert!(past.contains("Mara Voss"), "{past}");
    assert!(past.contains("&amp; &lt;i&gt;Sunday"), "what somebody wrote is no markup: {past}");

    dunst.pause(true).unwrap();
    stage.deliver("Ben <ben@client.example>", "In the quiet");
    stage.tray.menu_with("3 conversations unread").unwrap();
    until("the news to wait", || dunst.piles().unwrap().waiting == 1);
    assert_eq!(dunst.piles().unwrap().displayed, 0, "nobody is disturbed");
    dunst.pause(false).unwrap();
    until("the news on the screen", || dunst.piles().unwrap().displayed == 1);

    until("the news to be opened and so read", || {
        dunst.press().unwrap();
        !stage.view("unread").contains(&"In the quiet".to_owned())
    });
    until("nothing left on the screen", || dunst.piles().unwrap().displayed == 0);
    assert_eq!(dunst.piles().unwrap().history, 2, "nothing came twice");
    stage.quit(app);
}
