use anyhow::Result;
use serde_json::json;
use thirtyfour::Key;

use super::{Page, Point};

/// How many movements a drag has, as a hand's would.
const DRAG_STEPS: u32 = 10;

/// A page's mouse. Its events are trusted: the page cannot tell them from a user's.
#[derive(Debug, Clone, Copy)]
pub struct Mouse<'page> {
    page: &'page Page,
}

impl<'page> Mouse<'page> {
    pub(super) fn new(page: &'page Page) -> Self {
        Self { page }
    }

    /// Moves the pointer with no button held.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn move_to(&self, to: Point) -> Result<()> {
        self.event("mouseMoved", to, Buttons::None, 0).await
    }

    /// Moves the pointer while the left button is held.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn drag_to(&self, to: Point) -> Result<()> {
        self.event("mouseMoved", to, Buttons::Left, 0).await
    }

    /// Presses the left button.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn press(&self, at: Point) -> Result<()> {
        self.event("mousePressed", at, Buttons::Left, 1).await
    }

    /// Releases the left button.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn release(&self, at: Point) -> Result<()> {
        self.event("mouseReleased", at, Buttons::None, 1).await
    }

    /// Moves there, presses and releases.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn click(&self, at: Point) -> Result<()> {
        self.move_to(at).await?;
        self.press(at).await?;
        self.release(at).await
    }

    /// Clicks twice, quickly enough to be a double click.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn double_click(&self, at: Point) -> Result<()> {
        self.click(at).await?;
        self.event("mousePressed", at, Buttons::Left, 2).await?;
        self.event("mouseReleased", at, Buttons::None, 2).await
    }

    /// Presses at one point, moves to the other in several steps, and releases there.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn drag(&self, from: Point, to: Point) -> Result<()> {
        self.move_to(from).await?;
        self.press(from).await?;
        for step in 1..=DRAG_STEPS {
            let part = f64::from(step) / f64::from(DRAG_STEPS);
            self.drag_to(from.offset((to.x - from.x) * part, (to.y - from.y) * part)).await?;
        }
        self.release(to).await
    }

    /// Turns the wheel: positive numbers scroll right and down, in CSS pixels.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn wheel(&self, at: Point, dx: f64, dy: f64) -> Result<()> {
        let params = json!({ "type": "mouseWheel", "x": at.x, "y": at.y, "deltaX": dx, "deltaY": dy });
        self.page.cdp("Input.dispatchMouseEvent", params).await?;
        Ok(())
    }

    async fn event(&self, kind: &str, at: Point, held: Buttons, clicks: u8) -> Result<()> {
        let button = match (held, kind) {
            (Buttons::None, "mouseMoved") => "none",
            _ => "left",
        };
        let params = json!({
            "type": kind,
            "x": at.x,
            "y": at.y,
            "button": button,
            "buttons": held as u8,
            "clickCount": clicks,
        });
        self.page.cdp("Input.dispatchMouseEvent", params).await?;
        Ok(())
    }
}

/// The buttons that are down after an event, as the DevTools protocol counts them.
#[derive(Debug, Clone, Copy)]
enum Buttons {
    None = 0,
    Left = 1,
}

/// A page's keyboard. Its events are trusted and go to the focused element.
#[derive(Debug, Clone, Copy)]
pub struct Keyboard<'page> {
    page: &'page Page,
}

impl<'page> Keyboard<'page> {
    pub(super) fn new(page: &'page Page) -> Self {
        Self { page }
    }

    /// Types text, key by key.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        let session = self.page.focus().await?;
        session.driver.action_chain().send_keys(text).perform().await?;
        Ok(())
    }

    /// Presses a key and releases it.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn press(&self, key: Key) -> Result<()> {
        let session = self.page.focus().await?;
        let keys = session.driver.action_chain().key_down(key.clone()).key_up(key);
        keys.perform().await?;
        Ok(())
    }

    /// Selects everything in the focused input, so that the next text replaces it.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn select_all(&self) -> Result<()> {
        let session = self.page.focus().await?;
        let keys = session.driver.action_chain();
        keys.key_down(Key::Control).send_keys("a").key_up(Key::Control).perform().await?;
        Ok(())
    }
}
