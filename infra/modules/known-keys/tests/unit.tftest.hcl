variables {
  known = {
    alarm = { period = 60, evaluation_periods = 1, topic = null }
    apps  = { web = { port = 80, health_check = { path = "/", matcher = "200" }, hosts = [] } }
    rules = [{ type = "ingress", alias = { dns_name = "x", zone_id = "y" } }]
    none  = null
  }
}

run "known_keys_are_not_reported" {
  command = plan
  variables {
    given = {
      alarm = { period = "60" }
      apps  = { web = { health_check = { path = "/" }, hosts = [] } }
      rules = [{ type = "ingress", alias = { dns_name = "x" } }]
      none  = null
    }
  }

  assert {
    condition     = output.unknown == ""
    error_message = output.unknown
  }
}

run "the_nearest_key_is_suggested" {
  command = plan
  variables {
    given = { alarm = { evaluaution_periods = 1, priod = 60 }, apps = {}, rules = [], none = null }
  }

  assert {
    condition     = output.unknown == "alarm has no key \"evaluaution_periods\"; did you mean \"evaluation_periods\"? alarm has no key \"priod\"; did you mean \"period\"?"
    error_message = output.unknown
  }
}

run "keys_of_nested_objects_of_maps_and_of_lists" {
  command = plan
  variables {
    given = {
      alarm = null
      apps  = { web = { health_check = { pth = "/" } } }
      rules = [{ type = "ingress", alias = { zone = "y" } }]
      none  = null
    }
  }

  assert {
    condition     = output.unknown == "apps.web.health_check has no key \"pth\"; did you mean \"path\"? rules.0.alias has no key \"zone\"; did you mean \"zone_id\"?"
    error_message = output.unknown
  }
}

run "an_unknown_object_is_reported_once_and_without_a_likeness_all_keys_are_named" {
  command = plan
  variables {
    given = { alarm = { xyz = { a = 1 } }, apps = {}, rules = [], none = null }
  }

  assert {
    condition     = output.unknown == "alarm has no key \"xyz\"; its keys are evaluation_periods, period, topic."
    error_message = output.unknown
  }
}
