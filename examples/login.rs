//! Plots for those who have logged in, each of whom sees their own.
//!
//! `--cookie-secret`, or `BOKEH_COOKIE_SECRET`, keeps users logged in when the program is started anew.

use std::process::ExitCode;

use bokeh::auth::{LoginForm, User, escape};
use bokeh::cli::Program;
use bokeh::prelude::*;
use password_auth::verify_password;

/// Builds the document of one session.
pub(crate) fn app(doc: &mut Document, session: &SessionContext) {
    let name = session.user().map_or("stranger", User::name);
    let role = session.user().and_then(|user| user.claim("role")).and_then(|role| role.as_str()).unwrap_or("guest");
    let logout = session.logout_url().unwrap_or("/");
    let html = format!("{} ({role}) – <a href=\"{}\">log out</a>", escape(name), escape(logout));
    let who = doc.add(Div::new().name("who").text(html));

    let plot = doc.add(figure().name("plot").title("1 point").width(400).height(300));
    let source = doc.add(ColumnDataSource::new().name("points").data(points(1)));
    plot.scatter(doc, "x", "y").source(source).size(12).draw();
    let count = doc.add(Slider::new().name("count").title("points").start(1).end(50).step(1).value(1));
    count.on_change(doc, Slider::VALUE, move |doc, change| {
        plot.set_title(doc, format!("{} points", change.new));
        source.replace(doc, points(change.new as u32))
    });
    doc.add_root(column((who, count, plot)));
    doc.set_title(format!("The plots of {name}"));
}

/// Points on a curve.
fn points(n: u32) -> Data {
    let x: Vec<f64> = (0..n).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| (x * 0.5).sin()).collect();
    data! { "x" => x, "y" => y }
}

/// Who logs in with this name and password. A real program keeps its users in a database.
fn user(name: &str, password: &str) -> Option<User> {
    let known = USERS.iter().find(|(known, ..)| *known == name);
    // A name that does not exist takes as long as one that does.
    let (_, role, hash) = known.unwrap_or(&USERS[0]);
    let is_right = verify_password(password, hash).is_ok();
    (is_right && known.is_some()).then(|| User::new(name).with_claim("role", *role))
}

/// Names, roles, and what `password_auth::generate_hash` made of the passwords, which are `lovelace` and `turing`.
const USERS: [(&str, &str, &str); 2] = [
    (
        "ada",
        "engineer",
        "$argon2id$v=19$m=19456,t=2,p=1$qW/L1N18ChcsWphUeoNz1Q$SyquKWyNdPH0oYsseRWY5axOVurCaWgU5yxWnejxsxI",
    ),
    (
        "alan",
        "guest",
        "$argon2id$v=19$m=19456,t=2,p=1$zzLD++GIKHsmRk3Y4qKzvg$5/0QWERgmyL81Wqz7Xt19UOjMlq4drx/yfnorS3Ew4Q",
    ),
];

fn main() -> ExitCode {
    Program::new().app("/plots", app).auth(LoginForm::new(user).title("Plots")).run()
}
