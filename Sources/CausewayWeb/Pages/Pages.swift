import CausewayHelp

/// Every page of the interface.
struct Pages: Sendable {
    let routes: [PageRoute]
    /// Every form of the interface.
    static let forms = [
        ProviderForm.definition, ApplicationPages.form, MappingPages.form, UserPages.form, GroupPages.form,
        SystemPages.form, SchedulePage.form,
    ]

    /// The names of the fields with secrets: of the forms, and of the pages whose templates have the fields. Pages without a session
    /// are left out, since nothing that is sent to them is kept.
    static let secrets = Set(forms.flatMap(\.secrets) + AccountPages.secrets + UserAccess.secrets)

    init(texts: Texts, shelf: ManualShelf) {
        routes =
            SignInPages(texts: texts).routes + DashboardPage(texts: texts).routes + ProviderPages(texts: texts).routes
            + RunPages(texts: texts).routes + ApplicationPages(texts: texts).routes + MappingPages(texts: texts).routes
            + UserPages(texts: texts).routes + GroupPages(texts: texts).routes
            + EventPages(texts: texts).routes
            + SystemPages(texts: texts).routes + AccountPages(texts: texts).routes
            + PreferencePages(texts: texts).routes + UnsentPages(texts: texts).routes
            + ChangelogPages(texts: texts).routes
            + HelpPages(texts: texts, shelf: shelf).routes + SearchPages(texts: texts, shelf: shelf).routes
    }
}
