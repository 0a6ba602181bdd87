variables {
  app_id         = "app-0042"
  chargeback_id  = "cc-1001"
  product_name   = "shop"
  workspace      = "dev"
  private_domain = "dev.example.internal"
  tags           = { team = "checkout" }
}

run "one_prefix_and_one_set_of_tags" {
  command = plan

  assert {
    condition     = output.prefix == "shop-dev" && output.config.prefix == output.prefix
    error_message = "the prefix is ${output.prefix}"
  }
  assert {
    condition = output.all_tags == tomap({
      app_id = "app-0042", chargeback_id = "cc-1001", product_name = "shop", workspace = "dev", team = "checkout"
    })
    error_message = "all_tags is ${jsonencode(output.all_tags)}"
  }
  assert {
    condition     = output.account_private_domain == "dev.example.internal" && output.workspace == "dev"
    error_message = "the domain is ${output.account_private_domain}, the workspace ${output.workspace}"
  }
}

run "a_domain_is_optional" {
  command = plan
  variables {
    private_domain = null
  }

  assert {
    condition     = output.account_private_domain == null
    error_message = "the domain is ${jsonencode(output.account_private_domain)}"
  }
}

run "the_longest_prefix" {
  command = plan
  variables {
    product_name = "abcdefghijklm"
    workspace    = "nopqrs"
  }

  assert {
    condition     = length(output.prefix) == 20
    error_message = "the prefix has ${length(output.prefix)} characters"
  }
}

run "a_longer_prefix_is_refused" {
  command = plan
  variables {
    product_name = "abcdefghijklmn"
    workspace    = "nopqrs"
  }
  expect_failures = [var.workspace]
}

run "an_app_id_in_capitals_is_refused" {
  command = plan
  variables {
    app_id = "APP-0042"
  }
  expect_failures = [var.app_id]
}

run "a_chargeback_id_with_a_blank_is_refused" {
  command = plan
  variables {
    chargeback_id = "cc 1001"
  }
  expect_failures = [var.chargeback_id]
}

# An ALB's name must not start or end with a dash, and some names must start with a letter.
run "a_product_name_that_starts_with_a_digit_is_refused" {
  command = plan
  variables {
    product_name = "1shop"
  }
  expect_failures = [var.product_name]
}

run "a_workspace_that_ends_with_a_dash_is_refused" {
  command = plan
  variables {
    workspace = "dev-"
  }
  expect_failures = [var.workspace]
}

run "a_wildcard_is_no_domain" {
  command = plan
  variables {
    private_domain = "*.example.internal"
  }
  expect_failures = [var.private_domain]
}

run "a_dot_at_the_end_is_no_domain" {
  command = plan
  variables {
    private_domain = "example.internal."
  }
  expect_failures = [var.private_domain]
}

run "tags_do_not_replace_the_facts" {
  command = plan
  variables {
    tags = { app_id = "other" }
  }
  expect_failures = [var.tags]
}

run "tags_do_not_replace_the_facts_in_capitals" {
  command = plan
  variables {
    tags = { App_Id = "other" }
  }
  expect_failures = [var.tags]
}

run "tags_that_differ_in_capitals_only_are_refused" {
  command = plan
  variables {
    tags = { team = "checkout", Team = "checkout" }
  }
  expect_failures = [var.tags]
}

run "tags_of_all_the_characters_that_aws_takes" {
  command = plan
  variables {
    tags = { "Größe_1.a:b/c=d+e-f@g" = "Zürich 8001", empty = "" }
  }

  assert {
    condition     = output.all_tags["Größe_1.a:b/c=d+e-f@g"] == "Zürich 8001" && output.all_tags["empty"] == ""
    error_message = jsonencode(output.all_tags)
  }
}

run "a_key_with_other_characters_is_refused" {
  command = plan
  variables {
    tags = { "cost#centre" = "1" }
  }
  expect_failures = [var.tags]
}

run "a_value_with_other_characters_is_refused" {
  command = plan
  variables {
    tags = { owner = "Smith & Sons" }
  }
  expect_failures = [var.tags]
}

run "tags_stay_within_what_an_object_takes" {
  command = plan
  variables {
    tags = { a = "1", b = "2", c = "3", d = "4", e = "5", f = "6" }
  }
  expect_failures = [var.tags]
}

run "tags_of_aws_are_refused" {
  command = plan
  variables {
    tags = { "aws:team" = "checkout" }
  }
  expect_failures = [var.tags]
}
