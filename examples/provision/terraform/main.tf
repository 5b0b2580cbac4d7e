# Hands a new Windows machine over to Ansible. Nothing in here belongs to a cloud: put the resource of yours in the place of
# terraform_data.machine, give it ../windows-user-data.ps1 as its user data, and take its address below.

terraform {
  required_version = ">= 1.4"
}

variable "address" {
  description = "Where the new machine is."
  type        = string
}

variable "installer_sha256" {
  description = "SHA-256 of files/IntegrationServer.exe."
  type        = string
}

# A path only: neither the state of Terraform nor the list of processes sees a password.
variable "vault_password_file" {
  description = "File with the password of the vault, or a program that prints it."
  type        = string
}

resource "terraform_data" "machine" {
  input = var.address
}

resource "terraform_data" "server" {
  # A new machine is provisioned anew.
  triggers_replace = [terraform_data.machine.output]

  provisioner "local-exec" {
    working_dir = "${path.module}/.."
    # It waits for the machine, installs, waits for the API, and bootstraps. When it fails, Terraform marks this resource as tainted,
    # and the next apply runs it again.
    command = "ansible-playbook -i inventory -i windows.yml astera.data_stack.provision"

    environment = {
      ETL_ADDRESS                 = terraform_data.machine.output
      ETL_INSTALLER_SHA256        = var.installer_sha256
      ANSIBLE_VAULT_PASSWORD_FILE = var.vault_password_file
    }
  }
}
