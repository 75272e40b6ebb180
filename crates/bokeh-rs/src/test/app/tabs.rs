//! The tabs in which the session is open.

use bokeh_document::Origin;
use bokeh_protocol::PatchEvent;

use super::App;
use crate::test::page::Page;
use crate::test::trouble::fail;
use crate::test::{Tab, gesture};

impl App {
    /// What the current page was sent since the last call, in order.
    ///
    /// A page is not sent what it has done itself, only what follows from it.
    pub fn take_sent(&mut self) -> Vec<PatchEvent> {
        self.pages.get_mut(&self.current).map(|page| std::mem::take(&mut page.received)).unwrap_or_default()
    }

    /// What the current page has sent since the last call, in order.
    pub fn take_said(&mut self) -> Vec<PatchEvent> {
        self.pages.get_mut(&self.current).map(|page| std::mem::take(&mut page.said)).unwrap_or_default()
    }

    /// Opens the session in another tab and goes to it: gestures are made there from now on.
    ///
    /// # Panics
    /// When a callback fails.
    #[track_caller]
    pub fn open_tab(&mut self) -> Tab {
        self.last_tab += 1;
        let tab = Tab(self.last_tab);
        self.step(|app| {
            let origin = Origin::Peer(tab.0);
            let (reply, buffers) = app.publisher.whole(&mut app.document, false, app.pages.is_empty());
            let page = Page::new(origin, &reply, &buffers)
                .map_err(|error| format!("the page could not read the document: {error}"))?;
            app.pages.insert(tab, page);
            app.current = tab;
            app.show()
        });
        tab
    }

    /// The tab in which gestures are made.
    #[must_use]
    pub fn tab(&self) -> Tab {
        self.current
    }

    /// Goes to another tab.
    ///
    /// # Panics
    /// When it is closed.
    #[track_caller]
    pub fn go_to(&mut self, tab: Tab) {
        if !self.pages.contains_key(&tab) {
            fail("that tab is closed");
        }
        self.current = tab;
    }

    /// Closes a tab. Gestures are made in the tab that was opened last, if one is left.
    ///
    /// # Panics
    /// When it is closed already, or a callback fails.
    #[track_caller]
    pub fn close_tab(&mut self, tab: Tab) {
        self.step(|app| {
            app.pages.remove(&tab).ok_or("that tab is closed")?;
            if let Some(last) = app.pages.keys().next_back().filter(|_| app.current == tab) {
                app.current = *last;
            }
            app.document.emit(&gesture::document_event("connection_lost"));
            app.publish(None)
        });
    }

    /// The network of the current tab fails, and comes back: the page pulls the document again and says so, as BokehJS does.
    ///
    /// # Panics
    /// When a callback fails.
    #[track_caller]
    pub fn reconnect(&mut self) {
        self.step(|app| {
            let Some(mut page) = app.pages.remove(&app.current) else { return Err("that tab is closed".to_owned()) };
            app.document.emit(&gesture::document_event("connection_lost"));
            app.publish(None)?;
            page.origin = Origin::Peer(app.last_tab + 1);
            app.last_tab += 1;
            let (reply, buffers) = app.publisher.whole(&mut app.document, true, app.pages.is_empty());
            page.replace(&reply, &buffers)?;
            app.pages.insert(app.current, page);
            // BokehJS announces the roots that it has just been told of.
            let roots = app.document.roots().iter().map(|root| PatchEvent::RootAdded { model: *root });
            let roots: Vec<PatchEvent> = roots.collect();
            for root in roots {
                app.tell(vec![root])?;
            }
            app.tell(vec![gesture::message(&gesture::document_event("client_reconnected"))])
        });
    }
}
