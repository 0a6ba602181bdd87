output "unknown" {
  description = "One sentence for each unknown key, with the known key that is most like it; empty if there is none."
  value = join(" ", [for one in local.nearest : format(
    "%s has no key \"%s\"; %s", one.object, one.key,
    tonumber(substr(one.suggestion, 0, 3)) == 0 ? "its keys are ${join(", ", sort(one.known))}." : "did you mean \"${substr(one.suggestion, 4, -1)}\"?",
  )])
}
