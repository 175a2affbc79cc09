-- A login can be let in anew without anybody having read through it since: `reconnected` waits for a run, as `renewed` does.
alter table logins drop constraint logins_status_check;
alter table logins add constraint logins_status_check
  check (status in ('new', 'renewed', 'reconnected', 'challenged', 'resumed', 'connected', 'failed'));
