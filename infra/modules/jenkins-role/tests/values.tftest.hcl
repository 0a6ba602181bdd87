# Values of objects that the types allow and AWS does not.
run "refuses_1" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # the whole bucket
    revisions = { bucket_arn = "arn:aws:s3:::shop-revisions", prefix = "" }
  }
  expect_failures = [var.revisions]
}

run "refuses_3" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    oidc = { provider_arn = "arn:aws:iam::111111111111:oidc-provider/example.org", subjects = ["*"] }
  }
  expect_failures = [var.oidc]
}
