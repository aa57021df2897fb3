/// Exports of HR systems.
extension FileFormat {
    static let humanResources: [FileFormat] = [
        FileFormat(
            "SAP SuccessFactors users",
            all: "STATUS,USERID,USERNAME,FIRSTNAME,LASTNAME,EMAIL",
            anyOf: "MANAGER,HR,JOBCODE,TIMEZONE,HIREDATE,EMPID",
            states: ["activeexternalsuite": true, "inactiveexternalsuite": false],
            [
                (.isActive, "STATUS"), (.username, "USERNAME"), (.attribute("user_id"), "USERID"), (.email, "EMAIL"),
                (.firstName, "FIRSTNAME"), (.lastName, "LASTNAME"), (.attribute("employee_id"), "EMPID"),
                (.attribute("job_title"), "TITLE"), (.attribute("job_code"), "JOBCODE"),
                (.attribute("manager"), "MANAGER"), (.attribute("hire_date"), "HIREDATE"),
                (.attribute("business_phone"), "BIZ_PHONE"), (.attribute("street_address"), "ADDR1"),
                (.attribute("office_location"), "LOCATION"), (.attribute("division"), "DIVISION"),
                (.ignored, "GENDER,SSN,DATEOFBIRTH,REVIEW_FREQ,LAST_REVIEW_DATE"),
            ]
        ),
        FileFormat(
            "Workday workers",
            all: "Employee ID",
            anyOf:
                "Worker Status,Primary Work Email,Legal First Name,Business Title,Supervisory Organization,Worker Type",
            [
                (.email, "Primary Work Email,Work Email,Email - Primary Work,Email"),
                (.username, "User Name,Workday Account"),
                (.name, "Preferred Name,Worker,Legal Name,Full Name"),
                (.firstName, "Preferred First Name,Legal First Name,First Name"),
                (.lastName, "Preferred Last Name,Legal Last Name,Last Name"),
                (.isActive, "Worker Status,Active Status,Employee Status,Status"),
                (.attribute("employee_id"), "Employee ID"), (.attribute("worker_id"), "Worker ID"),
                (.attribute("job_title"), "Business Title,Job Title"), (.attribute("job_profile"), "Job Profile"),
                (.attribute("position"), "Position"), (.attribute("employee_type"), "Worker Type,Employee Type"),
                (.attribute("department"), "Department"), (.attribute("organization"), "Supervisory Organization"),
                (.attribute("manager"), "Manager Email,Manager"),
                (.attribute("hire_date"), "Hire Date,Original Hire Date"),
                (.attribute("termination_date"), "Termination Date,Last Day of Work"),
            ]
        ),
        FileFormat(
            "HR employees (BambooHR)",
            all: "Employee #,First Name,Last Name",
            anyOf: "Work Email,Employment Status,Reporting to,Job Title,Division,Hire Date",
            [
                (.attribute("employee_id"), "Employee #"), (.email, "Work Email,Email"),
                (.name, "Display Name,Full Name"), (.firstName, "Preferred Name,First Name"), (.lastName, "Last Name"),
                (.isActive, "Status,Employment Status"),
                (.attribute("job_title"), "Job Title"), (.attribute("department"), "Department"),
                (.attribute("division"), "Division"), (.attribute("office_location"), "Location"),
                (.attribute("manager"), "Reporting to,Supervisor,Manager"), (.attribute("other_mail"), "Home Email"),
                (.attribute("business_phone"), "Work Phone"), (.attribute("mobile_phone"), "Mobile Phone"),
                (.attribute("termination_date"), "Termination Date"), (.attribute("hire_date"), "Hire Date"),
                (.ignored, "SSN,SIN,Birth Date,Date of Birth,Gender,Home Phone,Marital Status"),
            ]
        ),
        FileFormat(
            "ADP employees",
            all: "Associate ID",
            anyOf:
                "Position Status,Payroll Name,File Number,Home Department Description,Job Title Description,Legal First Name",
            [
                (.attribute("employee_id"), "Associate ID"), (.attribute("file_number"), "File Number"),
                (.attribute("position_id"), "Position ID"), (.attribute("payroll_name"), "Payroll Name"),
                (.email, "Work Contact: Work Email,Work Email,Email"), (.username, "Username,User ID"),
                (.name, "Preferred Name,Full Name"),
                (.firstName, "Preferred or Chosen First Name,Legal First Name,First Name"),
                (.lastName, "Preferred or Chosen Last Name,Legal Last Name,Last Name"),
                (.isActive, "Position Status,Employee Status,Status"),
                (.attribute("job_title"), "Job Title Description,Job Title"),
                (.attribute("department"), "Home Department Description,Department"),
                (.attribute("office_location"), "Location Description,Location"),
                (.attribute("manager"), "Reports To Email,Reports To Name"),
                (.attribute("business_phone"), "Work Contact: Work Phone"),
                (.attribute("mobile_phone"), "Work Contact: Work Mobile"),
                (
                    .ignored,
                    "Tax ID (SSN),SSN,Birth Date,Gender,Personal Contact: Home Phone,Personal Contact: Personal Email"
                ),
            ]
        ),
        FileFormat(
            "HR employees (Personio)",
            all: "First name,Last name,Email,Position",
            anyOf: "Supervisor,Hire date,Weekly working hours,Employment type,Subcompany,Office",
            states: ["onboarding": true, "leave": true],
            [
                (.email, "Email"), (.attribute("employee_id"), "Employee ID,Personnel number,ID"),
                (.isActive, "Status"),
                (.attribute("job_title"), "Position"), (.attribute("company_name"), "Subcompany"),
                (.attribute("employee_type"), "Employment type"),
                (.attribute("manager"), "Supervisor email,Supervisor"),
                (.attribute("office_location"), "Office"), (.attribute("termination_date"), "Termination date"),
                (.ignored, "Date of birth,Birthday,Gender,Salary,Fix salary,IBAN"),
            ]
        ),
    ]
}
