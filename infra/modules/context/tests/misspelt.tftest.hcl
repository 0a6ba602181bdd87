# Keys that no object has. known-keys has tests of the texts.
variables {
  app_id         = "app-0042"
  chargeback_id  = "cc-1001"
  product_name   = "shop"
  workspace      = "dev"
  private_domain = "dev.example.internal"
  tags           = { team = "checkout" }
}

run "a_key_of_the_roles" {
  command = plan
  variables {
    iam = { permission_boundary_arn = "arn:aws:iam::111111111111:policy/boundary" }
  }
  expect_failures = [output.config]
}
