function __scorecli_complete
    set -l answers (env _SCORECLI_COMPLETE=complete_fish \
        _SCORECLI_LINE=(commandline -cp | string collect) scorecli 2>/dev/null)
    if test (count $answers) -gt 0
        printf '%s\n' $answers
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command scorecli --no-files --arguments '(__scorecli_complete)'
