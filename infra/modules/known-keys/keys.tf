# Terraform drops the keys that an object type does not have, so a misspelt optional key would be ignored without a word. The
# keys of a converted value are the known ones: what the caller wrote beside them is unknown.
locals {
  # Every key as VARIABLE.KEY, VARIABLE.KEY.KEY and so on. Keys of maps and positions in lists are in both. Only keys are read,
  # because values can be unknown during planning.
  paths = {
    for side, values in { given = var.given, known = var.known } : side => toset(flatten([
      for a, in_a in values : [for b in try([for key, _ in in_a : key], []) : concat(["${a}.${b}"],
        [for c in try([for key, _ in in_a[b] : key], []) : concat(["${a}.${b}.${c}"],
          [for d in try([for key, _ in in_a[b][c] : key], []) : concat(["${a}.${b}.${c}.${d}"],
            [for e in try([for key, _ in in_a[b][c][d] : key], []) : "${a}.${b}.${c}.${d}.${e}"],
          )]
        )]
      )]
    ]))
  }

  # The object of each path, and the keys that it can have.
  unknown = [for path in setsubtract(local.paths.given, local.paths.known) : {
    object = regex("^(.*)\\.[^.]*$", path)[0]
    key    = regex("[^.]*$", path)
  }]
  siblings = { for path in local.paths.known : regex("^(.*)\\.[^.]*$", path)[0] => regex("[^.]*$", path)... }

  # The known key that has most pairs of letters in common with the unknown one.
  nearest = [for one in local.unknown : merge(one, {
    known = local.siblings[one.object]
    suggestion = reverse(sort([for known in local.siblings[one.object] : format("%03d %s", length(setintersection(
      [for at in range(max(length(known) - 1, 0)) : substr(known, at, 2)],
      [for at in range(max(length(one.key) - 1, 0)) : substr(one.key, at, 2)],
    )), known)]))[0]
    # What is inside an unknown object is not reported a second time.
  }) if contains(keys(local.siblings), one.object)]
}
