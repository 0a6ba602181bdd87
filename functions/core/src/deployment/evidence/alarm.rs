//! The data points for which an alarm fired.

use serde_json::Value;

use super::FiredAlarm;

/// The most data points in a line.
const MOST_POINTS: usize = 5;

impl FiredAlarm {
    /// `StateReasonData` as JSON.
    pub(crate) fn data(&self) -> Option<Value> {
        serde_json::from_str(self.data.as_deref()?).ok().filter(Value::is_object)
    }

    /// The data points, the newest first, or the alarms that triggered a composite one, in one line.
    pub(crate) fn points(&self) -> Option<String> {
        let data = self.data()?;
        let list = |member: &str| data.get(member).and_then(Value::as_array).cloned().unwrap_or_default();
        let number =
            |value: &Value, member: &str| value.get(member).filter(|it| it.is_number()).map(ToString::to_string);
        let evaluated = list("evaluatedDatapoints");
        let mut points: Vec<String> = evaluated
            .iter()
            .filter_map(|point| {
                let at = point.get("timestamp").and_then(Value::as_str)?;
                Some(format!("{} at {at}", number(point, "value")?))
            })
            .collect();
        if points.is_empty() {
            points = list("recentDatapoints").iter().filter(|it| it.is_number()).map(ToString::to_string).collect();
        }
        points.truncate(MOST_POINTS);
        if !points.is_empty() {
            let statistic = data.get("statistic").and_then(Value::as_str).map(|it| format!("{it} "));
            let threshold = number(&data, "threshold").map(|it| format!("; threshold {it}"));
            return Some(
                [&statistic.unwrap_or_default(), &points.join(", "), &threshold.unwrap_or_default()]
                    .map(String::as_str)
                    .concat(),
            );
        }
        let triggering = list("triggeringAlarms");
        let names: Vec<&str> = triggering
            .iter()
            .filter_map(|alarm| alarm.get("arn").and_then(Value::as_str))
            .map(|arn| arn.split_once(":alarm:").map_or(arn, |(_, name)| name))
            .take(MOST_POINTS)
            .collect();
        (!names.is_empty()).then(|| format!("triggered by {}", names.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_data_points_of_both_kinds_are_told() {
        for (data, expected) in [
            (
                json!({"statistic": "Sum", "recentDatapoints": [1.0], "threshold": 1.5, "evaluatedDatapoints": [
                    {"timestamp": "2026-01-01T00:01:00.000+0000", "value": 2.5, "sampleCount": 3.0}, {"timestamp": "x"}
                ]}),
                Some("Sum 2.5 at 2026-01-01T00:01:00.000+0000; threshold 1.5"),
            ),
            (json!({"recentDatapoints": [1.0, 2.0], "threshold": 1.0}), Some("1.0, 2.0; threshold 1.0")),
            (
                json!({"triggeringAlarms": [{"arn": "arn:aws:cloudwatch:eu-west-1:1:alarm:p99", "state": {"value": "ALARM"}}]}),
                Some("triggered by p99"),
            ),
            (json!({"recentDatapoints": []}), None),
            (json!([1]), None),
        ] {
            let alarm = FiredAlarm { data: Some(data.to_string()), ..FiredAlarm::default() };
            assert_eq!(alarm.points().as_deref(), expected, "{data}");
        }
        assert_eq!(FiredAlarm { data: Some("{".to_owned()), ..FiredAlarm::default() }.points(), None);
    }
}
