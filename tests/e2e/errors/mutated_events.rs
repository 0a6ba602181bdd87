//! Mutations of a real event: every job with a readable ID is reported exactly once.

use e2e::size::size;

use super::*;

/// JSON that can hold what a parsed value cannot: a key twice, a number that is none, any depth.
#[derive(Clone)]
enum Tree {
    Raw(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    fn of(value: &Value) -> Tree {
        match value {
            Value::Object(map) => Tree::Map(map.iter().map(|(key, value)| (key.clone(), Tree::of(value))).collect()),
            Value::Array(list) => Tree::List(list.iter().map(Tree::of).collect()),
            other => Tree::Raw(other.to_string()),
        }
    }

    fn text(&self) -> String {
        let joined = |parts: Vec<String>| parts.join(",");
        match self {
            Tree::Raw(text) => text.clone(),
            Tree::List(list) => format!("[{}]", joined(list.iter().map(Tree::text).collect())),
            Tree::Map(map) => {
                let member = |(key, value): &(String, Tree)| format!("{}:{}", json!(key), value.text());
                format!("{{{}}}", joined(map.iter().map(member).collect()))
            }
        }
    }

    /// The last member of that name, as JSON has it for every reader that takes repeated names at all.
    fn member(&self, name: &str) -> Option<&Tree> {
        let Tree::Map(map) = self else { return None };
        map.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn id(&self) -> Option<&str> {
        let Tree::Raw(text) = self.member("CodePipeline.job")?.member("id")? else { return None };
        text.strip_prefix('"')?.strip_suffix('"').filter(|id| id.len() == 36)
    }

    /// How many values there are, this one included.
    fn size(&self) -> u64 {
        match self {
            Tree::Raw(_) => 1,
            Tree::List(list) => 1 + list.iter().map(Tree::size).sum::<u64>(),
            Tree::Map(map) => 1 + map.iter().map(|(_, value)| value.size()).sum::<u64>(),
        }
    }

    /// Puts a value into the members of that name, wherever they are.
    fn replace(&mut self, name: &str, with: &Tree) {
        match self {
            Tree::Raw(_) => {}
            Tree::List(list) => list.iter_mut().for_each(|value| value.replace(name, with)),
            Tree::Map(map) => map.iter_mut().for_each(|(key, value)| match value {
                Tree::Raw(text) if key == name && text.len() >= 2 => *value = with.clone(),
                _ => value.replace(name, with),
            }),
        }
    }

    /// Changes the value with that number, in the order of the text.
    fn mutate(&mut self, mut at: u64, dice: &mut Dice) {
        if at == 0 {
            return self.change(dice);
        }
        at -= 1;
        let count = match self {
            Tree::Raw(_) => return,
            Tree::List(list) => list.len(),
            Tree::Map(map) => map.len(),
        };
        for index in 0..count {
            let child = match self {
                Tree::List(list) => &mut list[index],
                Tree::Map(map) => &mut map[index].1,
                Tree::Raw(_) => return,
            };
            let size = child.size();
            if at >= size {
                at -= size;
                continue;
            }
            if at > 0 || dice.roll(4) > 1 {
                return child.mutate(at, dice);
            }
            // The child as a member of this value: taken out, or there twice.
            match self {
                Tree::List(list) if dice.roll(2) == 0 => drop(list.remove(index)),
                Tree::List(list) => list.push(list[index].clone()),
                Tree::Map(map) if dice.roll(2) == 0 => drop(map.remove(index)),
                Tree::Map(map) => {
                    let mut twin = map[index].clone();
                    if dice.roll(2) == 0 {
                        twin.1.change(dice);
                    }
                    map.insert(dice.index(map.len() + 1), twin);
                }
                Tree::Raw(_) => {}
            }
            return;
        }
    }

    /// Another value in this place.
    fn change(&mut self, dice: &mut Dice) {
        const ODD: [&str; 16] = [
            "null",
            "true",
            "0",
            "-7",
            "1e999",
            "1.5",
            "\"\"",
            "\"x\"",
            "\"../../x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "[[]]",
            "{\"x\":1}",
            "184467440737095516160",
        ];
        *self = match dice.roll(8) {
            0 => Tree::Raw("null".to_owned()),
            1 => {
                let depth = [1, 10, 70, 3_000][dice.index(4)];
                Tree::Raw(format!("{}{}{}", "[".repeat(depth), self.text(), "]".repeat(depth)))
            }
            2 if dice.roll(4) == 0 => Tree::Raw(format!("\"{}\"", "x".repeat(1 << (10 + dice.roll(6))))),
            3 if dice.roll(4) == 0 => Tree::Raw(format!("[{}0]", "0,".repeat(1 << (8 + dice.roll(6))))),
            _ => Tree::Raw(ODD[dice.index(ODD.len())].to_owned()),
        };
    }
}

/// A fixed sequence of numbers (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        for (shift, factor) in [(30, 0xbf58_476d_1ce4_e5b9_u64), (27, 0x94d0_49bb_1331_11eb)] {
            number = (number ^ (number >> shift)).wrapping_mul(factor);
        }
        (number ^ (number >> 31)) % sides.max(1)
    }

    fn index(&mut self, sides: usize) -> usize {
        usize::try_from(self.roll(sides as u64)).unwrap()
    }
}

/// A whole event and the `UserParameters` in it.
struct Base {
    event: Tree,
    parameters: Tree,
}

impl Base {
    fn new(world: &World) -> Base {
        let parameters = json!({"task_definition": "app", "container_port": 8080, "images": {"app": "IMAGE1_NAME"}});
        let event = JobEvent::new(TOOLS, &world.action)
            .user_parameters(PARAMETERS)
            .input("Source", "artifacts", "pipe/Source/1.zip")
            .output("Files", "artifacts", "pipe/Files/1.zip")
            .encryption_key(KEY)
            .continuation_token("token");
        Base { event: Tree::of(&event.json()), parameters: Tree::of(&parameters) }
    }

    /// The event of that number, with an id of its own: one to three places of it are changed, and perhaps one
    /// of its parameters.
    fn mutated(&self, number: u64) -> Tree {
        let (mut dice, mut parameters, mut event) = (Dice(number), self.parameters.clone(), self.event.clone());
        if dice.roll(3) == 0 {
            parameters.mutate(dice.roll(parameters.size()), &mut dice);
        }
        event.replace("id", &Tree::Raw(json!(e2e::unique::job_id()).to_string()));
        event.replace("UserParameters", &Tree::Raw(json!(parameters.text()).to_string()));
        for _ in 0..=dice.roll(3) {
            event.mutate(dice.roll(event.size()), &mut dice);
        }
        event
    }
}

/// Stands for the parameters until they are known.
const PARAMETERS: &str = "";

/// How many processes share the events; each is warm from its first to its last.
const PROCESSES: u64 = 2;

/// `EVENTS` asks for more than the usual thousand; `.ci/run` asks for the five thousand of the specification. Every event
/// is made of its number, so a failure can be repeated.
#[test]
fn every_job_whose_id_can_be_told_has_one_result() {
    let events = size("EVENTS", 1_000);
    let world = World::new();
    let base = Base::new(&world);
    let played = std::thread::scope(|scope| {
        let play = |first| {
            scope.spawn({
                let (world, base) = (&world, &base);
                move || play(world, base, (first..events).step_by(usize::try_from(PROCESSES).unwrap()))
            })
        };
        let workers: Vec<_> = (0..PROCESSES).map(play).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    let (without, succeeded) = played.into_iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    // As many calls as jobs, and one for each job: none for an event without one.
    let reports = world.aws.calls("codepipeline:*").len() as u64;
    assert_eq!(reports, events - without, "one call for each job");
    // A generator that spoils nothing, or everything, would prove nothing.
    let counts = format!("{without} without a job, {succeeded} of {events} succeeded");
    assert!(without > events / 50 && succeeded > events / 50 && reports - succeeded > events / 3, "{counts}");
}

/// Plays the events of these numbers through one process. How many had no job, and how many jobs succeeded.
fn play(world: &World, base: &Base, numbers: impl Iterator<Item = u64>) -> (u64, u64) {
    let mut lambda = world.lambda(&[("AWS_LAMBDA_LOG_LEVEL", "OFF")]);
    let (mut without, mut succeeded) = (0, 0);
    for number in numbers {
        let tree = base.mutated(number);
        let id = tree.id();
        if let Some(id) = id {
            world.aws.add_job(TOOLS, id);
        }
        let done = lambda.invoke(&tree.text(), TIMEOUT);
        assert!(matches!(done.outcome, Outcome::Response(_)), "event {number}: {done:?}");
        let Some(id) = id else {
            without += 1;
            continue;
        };
        let job = world.aws.job(id);
        assert_eq!(job.results.len(), 1, "event {number}: {:?}", job.state);
        succeeded += u64::from(job.state == JobState::Succeeded);
    }
    let log = lambda.log();
    assert!(!log.contains("panicked"), "{log}");
    (without, succeeded)
}
