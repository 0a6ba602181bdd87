# Values of objects that the types allow and AWS does not.
run "another_type_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [{ name = "web", type = "MX", records = ["10 mail.example.internal"], ttl = 60 }]
  }
  expect_failures = [var.records]
}

run "values_and_an_alias_are_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [{ name = "web", type = "A", records = ["10.0.0.1"], alias = { dns_name = "lb", zone_id = "Z32O12XQLNTSW2" } }]
  }
  expect_failures = [var.records]
}

run "neither_values_nor_alias_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [{ name = "web", type = "A", ttl = 60 }]
  }
  expect_failures = [var.records]
}

run "an_alias_is_no_cname" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [{ name = "web", type = "CNAME", alias = { dns_name = "lb", zone_id = "Z32O12XQLNTSW2" } }]
  }
  expect_failures = [var.records]
}

run "a_cname_has_one_value" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [{ name = "web", type = "CNAME", records = ["a.example.com", "b.example.com"], ttl = 60 }]
  }
  expect_failures = [var.records]
}

run "no_cname_at_the_top_of_the_zone" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [{ name = "", type = "CNAME", records = ["a.example.com"], ttl = 60 }]
  }
  expect_failures = [var.records]
}

run "values_need_a_ttl" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [{ name = "web", type = "CNAME", records = ["a.example.com"] }]
  }
  expect_failures = [var.records]
}

run "a_ttl_over_a_week_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [{ name = "web", type = "CNAME", records = ["a.example.com"], ttl = 604801 }]
  }
  expect_failures = [var.records]
}

run "an_alias_has_no_ttl" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [{ name = "web", type = "A", ttl = 60, alias = { dns_name = "lb", zone_id = "Z32O12XQLNTSW2" } }]
  }
  expect_failures = [var.records]
}

run "one_name_and_type_is_one_record" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [
      { name = "web", type = "A", records = ["10.0.0.1"], ttl = 60 },
      { name = "WEB", type = "A", records = ["10.0.0.2"], ttl = 60 },
    ]
  }
  expect_failures = [var.records]
}

run "a_cname_stands_alone" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    records = [
      { name = "web", type = "A", records = ["10.0.0.1"], ttl = 60 },
      { name = "web", type = "CNAME", records = ["a.example.com"], ttl = 60 },
    ]
  }
  expect_failures = [var.records]
}
