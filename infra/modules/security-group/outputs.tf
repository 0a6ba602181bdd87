output "id" {
  description = "The group's id, known to other groups before any rule exists."
  value       = aws_security_group.this.id
}

output "arn" {
  description = "The group's ARN."
  value       = aws_security_group.this.arn
}
