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

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # a longer prefix
    product_name = "abcdefghijklmn"
    workspace    = "nopqrs"
    # an app ID in capitals
    app_id = "APP-0042"
    # a chargeback ID with a space
    chargeback_id = "cc 1001"
    # a wildcard is no domain
    private_domain = "*.example.internal"
    # tags do not replace the facts
    tags = { app_id = "other" }
  }
  expect_failures = [var.workspace, var.app_id, var.chargeback_id, var.private_domain, var.tags]
}

run "refuses_2" {
  command = plan
  variables {
    # a workspace that ends with a dash
    workspace = "dev-"
    # a dot at the end is no domain
    private_domain = "example.internal."
    # tags do not replace the facts in capitals
    tags = { App_Id = "other" }
  }
  expect_failures = [var.workspace, var.private_domain, var.tags]
}

run "refuses_3" {
  command = plan
  variables {
    # tags that differ in capitals only
    tags = { team = "checkout", Team = "checkout" }
  }
  expect_failures = [var.tags]
}

run "refuses_4" {
  command = plan
  variables {
    # a key with other characters
    tags = { "cost#centre" = "1" }
  }
  expect_failures = [var.tags]
}

run "refuses_5" {
  command = plan
  variables {
    # a value with other characters
    tags = { owner = "Smith & Sons" }
  }
  expect_failures = [var.tags]
}

run "refuses_6" {
  command = plan
  variables {
    # tags stay within what an object takes
    tags = { a = "1", b = "2", c = "3", d = "4", e = "5", f = "6" }
  }
  expect_failures = [var.tags]
}

run "refuses_7" {
  command = plan
  variables {
    # tags of AWS
    tags = { "aws:team" = "checkout" }
  }
  expect_failures = [var.tags]
}

# An ALB's name must not start or end with a dash, and some names must start with a letter.
run "a_product_name_that_starts_with_a_digit_is_refused" {
  command = plan
  variables {
    product_name = "1shop"
  }
  expect_failures = [var.product_name]
}

run "tags_with_all_characters_that_aws_accepts" {
  command = plan
  variables {
    tags = { "Größe_1.a:b/c=d+e-f@g" = "Zürich 8001", empty = "" }
  }

  assert {
    condition     = output.all_tags["Größe_1.a:b/c=d+e-f@g"] == "Zürich 8001" && output.all_tags["empty"] == ""
    error_message = jsonencode(output.all_tags)
  }
}

run "iam_settings_are_passed_on" {
  command = plan
  variables {
    iam = { path = "/teams/shop/", permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary" }
  }

  assert {
    condition     = output.config.iam == { path = "/teams/shop/", permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary" }
    error_message = jsonencode(output.config.iam)
  }
}

run "a_path_without_its_last_slash_is_refused" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    iam = { path = "/teams/shop" }
  }
  expect_failures = [var.iam]
}

run "a_boundary_that_is_no_arn_is_refused" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    iam = { permissions_boundary_arn = "boundary" }
  }
  expect_failures = [var.iam]
}
