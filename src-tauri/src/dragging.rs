//! Dragging a file out of the window, into a folder or another program, which is given a copy.
//!
//! Invariant: what is dragged is a file that Deskbell has written; the window names it by message and part only.

use std::path::Path;

use tauri::{AppHandle, Manager as _};
use tokio::sync::oneshot;

use crate::window;

/// Begins it, while the person holds the button; a button that was let go meanwhile begins nothing.
pub(crate) async fn begin(app: &AppHandle, path: &Path) -> Result<(), String> {
    let window = app.get_webview_window(window::MAIN).ok_or("there is no window")?;
    let (told, hears) = oneshot::channel();
    let path = path.to_owned();
    let asked = app.run_on_main_thread(move || {
        // The asker may have gone away with its window.
        let _ = told.send(platform::begin(&window, &path));
    });
    asked.map_err(|error| error.to_string())?;
    hears.await.map_err(|_| "the window is gone".to_owned())?
}

/// GTK's own, since addresses must be escaped, and the button looked at.
#[cfg(target_os = "linux")]
mod platform {
    use std::cell::RefCell;
    use std::path::Path;
    use std::rc::Rc;

    use gtk::gdk::{DragAction, ModifierType};
    use gtk::glib::SignalHandlerId;
    use gtk::prelude::*;
    use gtk::{gio, glib};
    use tauri::WebviewWindow;

    /// The first button of a mouse.
    const BUTTON: i32 = 1;

    pub(super) fn begin(window: &WebviewWindow, path: &Path) -> Result<(), String> {
        let window = window.gtk_window().map_err(|error| error.to_string())?;
        if !is_held(&window) {
            return Ok(());
        }
        let address = glib::filename_to_uri(path, None).map_err(|error| error.to_string())?;
        let targets = gtk::TargetList::new(&[]);
        targets.add_uri_targets(0);
        let handlers: Rc<RefCell<Vec<SignalHandlerId>>> = Rc::default();
        let given = window.connect_drag_data_get(move |_, _, data, _, _| {
            data.set_uris(&[address.as_str()]);
        });
        let ended = {
            let handlers = Rc::clone(&handlers);
            window.connect_drag_end(move |window, _| {
                for handler in handlers.take() {
                    window.disconnect(handler);
                }
            })
        };
        handlers.replace(vec![given, ended]);
        let begun =
            window.drag_begin_with_coordinates(&targets, DragAction::COPY, BUTTON, None, -1, -1);
        let Some(context) = begun else {
            for handler in handlers.take() {
                window.disconnect(handler);
            }
            return Err("the desktop takes no drag".into());
        };
        let (kind, _) = gio::content_type_guess(Some(path), &[]);
        if let Some(icon) = gio::content_type_get_generic_icon_name(&kind) {
            context.drag_set_icon_name(&icon, 0, 0);
        }
        Ok(())
    }

    /// Writing the file took its time; a drag without a button held would never end.
    fn is_held(window: &gtk::ApplicationWindow) -> bool {
        let pointer = window.display().default_seat().and_then(|seat| seat.pointer());
        let (Some(pointer), Some(surface)) = (pointer, window.window()) else { return false };
        let (_, _, _, held) = surface.device_position(&pointer);
        held.contains(ModifierType::BUTTON1_MASK)
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use std::path::Path;

    use drag::{DragItem, Image, Options, start_drag};
    use tauri::WebviewWindow;

    const ICON: &[u8] = include_bytes!("../../icons/32x32.png");

    pub(super) fn begin(window: &WebviewWindow, path: &Path) -> Result<(), String> {
        let item = DragItem::Files(vec![path.to_owned()]);
        let image = Image::Raw(ICON.to_vec());
        start_drag(window, item, image, |_, _| {}, Options::default())
            .map_err(|error| error.to_string())
    }
}
