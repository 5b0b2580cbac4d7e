# Hands a new Windows machine over to Ansible. Nothing in here is specific to a cloud: replace terraform_data.machine with the
# resource of yours, set its user data to ../windows-user-data.ps1, and use its address below.

terraform {
  required_version = ">= 1.4"
}

variable "address" {
  description = "Address of the new machine."
  type        = string
}

variable "installer_sha256" {
  description = "SHA-256 of files/IntegrationServer.exe."
  type        = string
}

# Only a path, so that neither the state of Terraform nor the list of processes contains a password.
variable "vault_password_file" {
  description = "File with the password of the vault, or a program that prints it."
  type        = string
}

resource "terraform_data" "machine" {
  input = var.address
}

resource "terraform_data" "server" {
  # Provision a new machine again.
  triggers_replace = [terraform_data.machine.output]

  provisioner "local-exec" {
    working_dir = "${path.module}/.."
    # It waits for the machine, installs, waits for the API, and bootstraps. If it fails, Terraform marks this resource as tainted,
    # and the next apply runs it again.
    command = "ansible-playbook -i inventory -i windows.yml astera.data_stack.provision"

    environment = {
      ETL_ADDRESS                 = terraform_data.machine.output
      ETL_INSTALLER_SHA256        = var.installer_sha256
      ANSIBLE_VAULT_PASSWORD_FILE = var.vault_password_file
    }
  }
}
