//! The time axis as SVG: lifecycle events, traffic, tasks, problems, alarms and log lines, one below the other.

use std::fmt::Write as _;

use super::axis::{Axis, LEFT, RIGHT, WIDTH};
use super::{evidence, time};
use crate::deployment::followed::Followed;
use crate::deployment::history::{Sample, Share};
use crate::deployment::schedule::span;
use crate::deployment::target::{LifecycleEvent, LifecycleStatus};
use crate::text::markup::attribute;

/// Colours that can be told apart on white and on black, and by people who do not see red and green as others do:
/// at least 3:1 against both, and every state is written as well.
const GREEN: &str = "#2e8b57";
const BLUE: &str = "#2f7bd6";
const RED: &str = "#d0342c";
const GREY: &str = "#7a7a7a";

const ROW: f64 = 22.0;
const BAND: f64 = 64.0;
const GAP: f64 = 30.0;

/// The longest name that has room beside the axis, in characters.
const LONGEST_NAME: usize = 26;

/// Writes the chart, and nothing if no times are known.
pub(super) fn draw(page: &mut String, followed: &Followed, now_ms: u64) {
    let Some(axis) = Axis::of(followed, now_ms) else { return };
    let mut chart = Chart { axis, svg: String::new(), y: 8.0 };
    for (kind, deployment, target) in followed.deployments() {
        let events = target.map(|target| target.lifecycle_events.as_slice()).unwrap_or_default();
        let events: Vec<&LifecycleEvent> = events.iter().filter(|event| event.start_ms.is_some()).collect();
        if !events.is_empty() {
            let title = if kind == "rollback" { "Rollback" } else { "Deployment" };
            chart.title(&format!("{title} {}", attribute(&deployment.id)));
            let end_ms = deployment.completed_ms.unwrap_or(now_ms);
            for event in events {
                chart.event(event, end_ms);
            }
            chart.y += GAP / 2.0;
        }
    }
    let history = &followed.history;
    let samples = &history.samples;
    if !samples.is_empty() {
        let end_ms = history.last_ms.unwrap_or(axis.end_ms);
        chart.traffic(samples, end_ms);
        chart.tasks(samples, end_ms);
    }
    let problems: Vec<_> = history.happenings.iter().filter(|it| it.bad).collect();
    if !problems.is_empty() {
        chart.title("Problems");
        for it in problems {
            chart.problem(it.at_ms, &it.text);
        }
        chart.y += ROW;
    }
    let alarms: Vec<_> = evidence::alarms(&followed.evidence, axis).collect();
    if !alarms.is_empty() {
        chart.title("Alarms");
        for (alarm, since) in alarms {
            chart.alarm(&alarm.name, since);
        }
    }
    let marks = evidence::marks(&followed.evidence, axis);
    if !marks.is_empty() {
        chart.title("Log lines");
        chart.marks(&marks);
    }
    chart.ticks();
    let description = description(followed);
    let _ = writeln!(
        page,
        "<h2>Time axis</h2>\n<section class=\"wide\" tabindex=\"0\" aria-label=\"Time axis\">\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height:.0}\" viewBox=\"0 0 {WIDTH} {height:.0}\" \
         role=\"img\" aria-labelledby=\"axis-title axis-text\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"currentColor\">\n\
         <title id=\"axis-title\">Time axis of the deployment</title>\n<desc id=\"axis-text\">{description}</desc>\n{svg}</svg>\n</section>\n\
         <p>The axis begins at {start}.</p>",
        height = chart.y,
        svg = chart.svg,
        start = time(axis.start_ms),
    );
}

/// What the chart shows, in words.
fn description(followed: &Followed) -> String {
    let mut text = "Bars show when each lifecycle event began and ended.".to_owned();
    if let Some(last) = followed.history.samples.last() {
        let share = |share: Option<Share>| share.map_or_else(|| "none".to_owned(), |share| share.traffic.to_string());
        let _ = write!(
            text,
            " Areas show the traffic and the running tasks of both task sets; at the end, blue has {} of the traffic and green {}.",
            share(last.blue),
            share(last.green)
        );
    }
    text.push_str(" The tables below have the same values.");
    text
}

struct Chart {
    axis: Axis,
    svg: String,
    /// Where the next part begins.
    y: f64,
}

impl Chart {
    fn title(&mut self, title: &str) {
        self.y += 14.0;
        let _ = writeln!(self.svg, "<text x=\"0\" y=\"{:.0}\" font-weight=\"bold\">{title}</text>", self.y);
        self.y += 8.0;
    }

    /// One lifecycle event as a bar.
    fn event(&mut self, event: &LifecycleEvent, end_ms: u64) {
        let (colour, word) = match event.status {
            LifecycleStatus::Succeeded => (GREEN, String::new()),
            LifecycleStatus::Failed => (RED, ", failed".to_owned()),
            LifecycleStatus::InProgress => (BLUE, ", in progress".to_owned()),
            _ => (GREY, format!(", {}", attribute(event.status.name()))),
        };
        let Some(start_ms) = event.start_ms else { return };
        let (from, to) = (self.axis.at(start_ms), self.axis.at(event.end_ms.unwrap_or(end_ms)));
        let width = (to - from).max(2.0);
        let took = event.took().map(span).unwrap_or_default();
        let label = format!("{took}{word}");
        let label = label.trim_start_matches(", ");
        // Beside the bar, on the side that has room.
        let (x, anchor) =
            if from + width > RIGHT - 160.0 { (from - 6.0, "end") } else { (from + width + 6.0, "start") };
        let (x, anchor) = if x < LEFT { (from + 6.0, "start") } else { (x, anchor) };
        let base = self.y + 15.0;
        let _ = writeln!(
            self.svg,
            "<text x=\"0\" y=\"{base:.0}\">{}</text><rect x=\"{from:.1}\" y=\"{:.0}\" width=\"{width:.1}\" height=\"14\" rx=\"2\" fill=\"{colour}\"/>\
             <text x=\"{x:.1}\" y=\"{base:.0}\" text-anchor=\"{anchor}\"{halo}>{label}</text>",
            attribute(&event.name),
            self.y + 4.0,
            halo = if (from..from + width).contains(&x) { " fill=\"#fff\"" } else { "" },
        );
        self.y += ROW;
    }

    /// The share of green as an area, from the bottom, and that of blue above it.
    fn traffic(&mut self, samples: &[Sample], end_ms: u64) {
        self.title("Traffic");
        let share = |share: Option<Share>| share.map_or(0.0, |share| f64::from(share.traffic.permille()) / 1000.0);
        let (blue, green) = (
            self.steps(samples, end_ms, |sample| share(sample.green) + share(sample.blue)),
            self.steps(samples, end_ms, |sample| share(sample.green)),
        );
        self.area(&blue, BLUE);
        self.area(&green, GREEN);
        self.legend("100%", &[("blue", BLUE), ("green", GREEN)]);
    }

    /// The running tasks of both task sets as lines.
    fn tasks(&mut self, samples: &[Sample], end_ms: u64) {
        let counts = |sample: &Sample| [sample.blue, sample.green];
        let most = samples.iter().flat_map(counts).flatten().map(|share| share.running.max(share.desired)).max();
        let most = most.unwrap_or(0).max(1);
        self.title("Running tasks");
        let of = |share: Option<Share>| share.map_or(0.0, |share| f64::from(share.running) / f64::from(most));
        let (blue, green) = (
            self.steps(samples, end_ms, |sample| of(sample.blue)),
            self.steps(samples, end_ms, |sample| of(sample.green)),
        );
        self.line(&blue, BLUE);
        self.line(&green, GREEN);
        self.legend(&most.to_string(), &[("blue", BLUE), ("green", GREEN)]);
    }

    /// The points of a value that holds until the next sample; 1.0 is the top of the band.
    fn steps(&self, samples: &[Sample], end_ms: u64, value: impl Fn(&Sample) -> f64) -> Vec<(f64, f64)> {
        let mut points: Vec<(f64, f64)> = Vec::new();
        for sample in samples {
            let (x, y) = (self.axis.at(sample.at_ms), self.y + BAND * (1.0 - value(sample).clamp(0.0, 1.0)));
            match points.last() {
                Some(last) if (last.1 - y).abs() < f64::EPSILON => continue,
                Some(last) => points.push((x, last.1)),
                None => {}
            }
            points.push((x, y));
        }
        let last = points.last().map(|last| (self.axis.at(end_ms), last.1));
        points.extend(last);
        points
    }

    fn area(&mut self, points: &[(f64, f64)], colour: &str) {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        let bottom = self.y + BAND;
        let _ = write!(self.svg, "<path fill=\"{colour}\" d=\"M{:.1} {bottom:.0}", first.0);
        for (x, y) in points {
            let _ = write!(self.svg, "L{x:.1} {y:.1}");
        }
        let _ = writeln!(self.svg, "L{:.1} {bottom:.0}Z\"/>", last.0);
    }

    fn line(&mut self, points: &[(f64, f64)], colour: &str) {
        let _ = write!(self.svg, "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"");
        for (x, y) in points {
            let _ = write!(self.svg, "{x:.1},{y:.1} ");
        }
        self.svg.push_str("\"/>\n");
    }

    /// The frame of a band, its highest value, and what its colours are.
    fn legend(&mut self, most: &str, colours: &[(&str, &str)]) {
        let (top, bottom) = (self.y, self.y + BAND);
        let _ = writeln!(
            self.svg,
            "<path d=\"M{LEFT} {top:.0}V{bottom:.0}H{RIGHT}\" fill=\"none\" stroke=\"{GREY}\"/>\
             <text x=\"{0}\" y=\"{1:.0}\" text-anchor=\"end\">{most}</text><text x=\"{0}\" y=\"{bottom:.0}\" text-anchor=\"end\">0</text>",
            LEFT - 6.0,
            top + 10.0,
        );
        for ((name, colour), at) in colours.iter().zip([0.0, 20.0]) {
            let y = top + 12.0 + at;
            let _ = writeln!(
                self.svg,
                "<rect x=\"0\" y=\"{:.0}\" width=\"12\" height=\"12\" fill=\"{colour}\"/><text x=\"18\" y=\"{y:.0}\">{name}</text>",
                y - 10.0
            );
        }
        self.y += BAND + GAP / 2.0;
    }

    fn problem(&mut self, at_ms: u64, text: &str) {
        let (x, y) = (self.axis.at(at_ms), self.y + 4.0);
        let _ = writeln!(
            self.svg,
            "<path fill=\"{RED}\" d=\"M{x:.1} {y:.0}l6 11h-12z\"><title>{}</title></path>",
            attribute(text)
        );
    }

    /// A name, and a mark from which on the alarm is in state ALARM.
    fn alarm(&mut self, name: &str, since_ms: u64) {
        let (x, y) = (self.axis.at(since_ms), self.y);
        let name = attribute(&name.chars().take(LONGEST_NAME).collect::<String>());
        let _ = writeln!(
            self.svg,
            "<text x=\"0\" y=\"{:.0}\">{name}</text><path fill=\"{RED}\" d=\"M{x:.1} {y:.0}l6 7l-6 7l-6 -7z\"/>",
            y + 11.0
        );
        self.y += ROW;
    }

    /// A line at each of these times.
    fn marks(&mut self, times: &[u64]) {
        let y = self.y;
        let places = times.iter().fold(String::new(), |mut path, at| {
            let _ = write!(path, "M{:.1} {y:.0}v14", self.axis.at(*at));
            path
        });
        let _ = writeln!(self.svg, "<path stroke=\"{BLUE}\" stroke-width=\"2\" d=\"{places}\"/>");
        self.y += ROW;
    }

    fn ticks(&mut self) {
        let y = self.y + 4.0;
        let _ = writeln!(self.svg, "<path d=\"M{LEFT} {y:.0}H{RIGHT}\" stroke=\"currentColor\"/>");
        for (x, label) in self.axis.ticks() {
            let _ = writeln!(
                self.svg,
                "<path d=\"M{x:.1} {y:.0}v5\" stroke=\"currentColor\"/><text x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{label}</text>",
                y + 18.0
            );
        }
        self.y = y + 26.0;
    }
}
